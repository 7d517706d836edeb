/** From a write to its arrival on a stream. */
@NullMarked
package io.tailrace.bench.latency;

import org.jspecify.annotations.NullMarked;
