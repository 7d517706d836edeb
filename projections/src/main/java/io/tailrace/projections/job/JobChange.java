package io.tailrace.projections.job;

import io.tailrace.contracts.job.JobEvents.QueueChanged;
import java.time.Instant;

/** What a record of {@code tailrace.job-events} does to the tables. */
public sealed interface JobChange {
    /**
     * Something happened to a job.
     *
     * @param event what it was
     */
    record Happened(JobEvent event) implements JobChange {}

    /**
     * A queue is paused or not, and has these limits.
     *
     * @param queue how it stands
     * @param at when that was decided
     */
    record Queue(QueueChanged queue, Instant at) implements JobChange {}
}
