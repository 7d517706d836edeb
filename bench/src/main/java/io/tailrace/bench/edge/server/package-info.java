/** The servers that are measured, each a process of its own, and what is measured of a process from outside. */
@NullMarked
package io.tailrace.bench.edge.server;

import org.jspecify.annotations.NullMarked;
