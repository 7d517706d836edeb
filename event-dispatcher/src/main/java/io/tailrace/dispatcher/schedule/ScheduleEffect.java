package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobSchedule;

/** What a decision about schedules leads to. Times are epoch milliseconds. */
sealed interface ScheduleEffect {
    /**
     * A schedule is new or changed.
     *
     * @param nextMs of its next firing, or {@link ArmedSchedule#NEVER}
     */
    record Changed(JobSchedule schedule, long nextMs) implements ScheduleEffect {}

    /** A schedule was deleted. */
    record Deleted(String name) implements ScheduleEffect {}

    /** A schedule fires: its job is to be enqueued. */
    record Fired(JobSchedule schedule, long plannedMs) implements ScheduleEffect {}

    /**
     * Firings are left out because nobody could decide about them in time.
     *
     * @param lastMs the time of the last of them
     * @param count how many, counted up to {@link FiringPlan#MOST_COUNTED}
     */
    record Missed(JobSchedule schedule, long lastMs, int count) implements ScheduleEffect {}
}
