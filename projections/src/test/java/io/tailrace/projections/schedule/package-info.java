/** Tests of the copy of the schedules. */
@NullMarked
package io.tailrace.projections.schedule;

import org.jspecify.annotations.NullMarked;
