/** Tests of the ways in: a fault of the server has to end a measurement. */
@NullMarked
package io.tailrace.bench.series;

import org.jspecify.annotations.NullMarked;
