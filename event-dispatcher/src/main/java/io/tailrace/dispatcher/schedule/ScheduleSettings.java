package io.tailrace.dispatcher.schedule;

import java.time.Duration;

/**
 * The bounds of the schedule topology.
 *
 * @param factPartitions partitions of the topic that is read
 * @param maxEventBytes the largest event that is let through
 * @param lookInterval how often it is looked whether a schedule is due; one fires at most this much late, and never early
 * @param perTurn the most firings at once, so that changes of schedules are not kept waiting
 * @param firing which firings are too late
 * @param commitInterval how often decisions are told while they are few; one before which there was none for so long is told at once
 */
public record ScheduleSettings(
        int factPartitions,
        int maxEventBytes,
        Duration lookInterval,
        int perTurn,
        FiringSettings firing,
        Duration commitInterval) {}
