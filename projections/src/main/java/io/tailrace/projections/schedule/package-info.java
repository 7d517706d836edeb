/** {@code tailrace.schedules} as the table {@code schedules}. */
@NullMarked
package io.tailrace.projections.schedule;

import org.jspecify.annotations.NullMarked;
