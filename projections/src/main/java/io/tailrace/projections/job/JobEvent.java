package io.tailrace.projections.job;

import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobProgress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a job, with its payload and result as the JSON texts that are stored.
 *
 * @param kind what happened
 * @param job the job as it stands since
 * @param isNew whether the job is new, and not one that is retried or need not wait any longer
 * @param at when it was decided
 * @param payload of a job that is new
 * @param progress of {@link Kind#PROGRESSED}
 * @param error of {@link Kind#RETRYING} and {@link Kind#DEAD}
 * @param result of {@link Kind#SUCCEEDED}, if it has one
 */
record JobEvent(
        Kind kind,
        JobView job,
        boolean isNew,
        Instant at,
        @Nullable String payload,
        @Nullable JobProgress progress,
        @Nullable JobError error,
        @Nullable String result) {
    /** What happened. */
    enum Kind {
        SCHEDULED,
        STARTED,
        PROGRESSED,
        RETRYING,
        SUCCEEDED,
        DEAD,
        CANCELLED
    }

    /** Whether it ended an attempt because a worker stops. */
    boolean isHandedBack() {
        return error != null && error.type().equals(JobError.HANDED_BACK);
    }
}
