/**
 * The load client: many streams on one thread, with as little work per event as counting it right allows. What it costs
 * is taken from the server on the same machine, so nothing enters that a measurement does not need.
 */
@NullMarked
package io.tailrace.bench.swarm;

import org.jspecify.annotations.NullMarked;
