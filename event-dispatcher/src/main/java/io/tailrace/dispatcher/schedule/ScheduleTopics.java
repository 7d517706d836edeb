package io.tailrace.dispatcher.schedule;

/**
 * The topics of the schedule topology.
 *
 * @param schedules key the schedule's name
 * @param jobCommands key queue
 * @param jobsChannel the channels {@code jobs:{queue}} and that of the schedules
 */
public record ScheduleTopics(String schedules, String jobCommands, String jobsChannel) {}
