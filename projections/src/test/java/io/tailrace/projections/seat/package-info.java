/** Tests of the copies of what was decided about seats. */
@NullMarked
package io.tailrace.projections.seat;

import org.jspecify.annotations.NullMarked;
