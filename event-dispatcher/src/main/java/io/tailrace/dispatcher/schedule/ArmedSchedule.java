package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobSchedule;

/**
 * A schedule and when it fires next.
 *
 * @param nextMs the time of its next firing, in milliseconds since the epoch; {@link #NEVER} if there is none
 */
record ArmedSchedule(JobSchedule schedule, long nextMs) {
    /** There is no further firing. */
    static final long NEVER = Long.MAX_VALUE;

    String name() {
        return schedule.name();
    }

    ArmedSchedule at(long atMs) {
        return new ArmedSchedule(schedule, atMs);
    }
}
