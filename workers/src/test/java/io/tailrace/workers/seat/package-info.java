/** Tests of the copies of what was decided about seats. */
@NullMarked
package io.tailrace.workers.seat;

import org.jspecify.annotations.NullMarked;
