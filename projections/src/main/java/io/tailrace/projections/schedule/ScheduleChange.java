package io.tailrace.projections.schedule;

import java.time.Instant;

/** What a record of {@code tailrace.schedules} does to the table. */
public sealed interface ScheduleChange {
    /** The row's key. */
    String name();

    /**
     * There is such a schedule.
     *
     * @param definition JSON, as in the log
     * @param changedAt when it was set
     */
    record Put(String name, String definition, Instant changedAt) implements ScheduleChange {}

    /** There is none. */
    record Delete(String name) implements ScheduleChange {}
}
