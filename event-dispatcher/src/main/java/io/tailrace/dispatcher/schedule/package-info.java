/**
 * When schedules fire. {@code ScheduleDesk} decides over a {@code ScheduleBook}, both pure; {@code ScheduleTask} gives them what stands
 * in {@code tailrace.schedules}, and {@code ScheduleTopology} is the Streams application around it. docs/decisions/0053 has the reasons.
 */
@NullMarked
package io.tailrace.dispatcher.schedule;

import org.jspecify.annotations.NullMarked;
