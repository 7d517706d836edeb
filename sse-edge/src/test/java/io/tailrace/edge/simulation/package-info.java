/**
 * A world of edges, loops, clients and a log that a seed drives, and a checker that knows only the log and the bytes on
 * the wire. No real time, thread, socket or broker.
 */
@NullMarked
package io.tailrace.edge.simulation;

import org.jspecify.annotations.NullMarked;
