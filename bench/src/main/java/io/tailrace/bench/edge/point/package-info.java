/** The points of the fan-out benchmark: one load each, run once on one server for one sample. */
@NullMarked
package io.tailrace.bench.edge.point;

import org.jspecify.annotations.NullMarked;
