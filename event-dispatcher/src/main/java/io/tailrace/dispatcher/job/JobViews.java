package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobEvents.JobView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Jobs of the book in the form in which others are told of them. Stateless. */
final class JobViews {
    private JobViews() {}

    /** A job as it stands. */
    static JobView of(StoredJob job) {
        StoredJob.Origin origin = job.origin();
        return new JobView(
                origin.id(),
                origin.queue(),
                origin.spec().type(),
                job.phase().state().label(),
                origin.spec().priority(),
                Instant.ofEpochMilli(runAtMs(job)),
                job.attempt(),
                origin.spec().maxAttempts(),
                origin.spec().timeoutSeconds(),
                origin.spec().key(),
                origin.spec().uniqueKey(),
                Instant.ofEpochMilli(origin.enqueuedMs()),
                job.startedMs() == 0 ? null : Instant.ofEpochMilli(job.startedMs()),
                finishedAt(job.phase()),
                job.worker());
    }

    /**
     * What a worker is handed.
     *
     * @param payload JSON
     */
    static JobReleased released(StoredJob job, long leaseMs, Object payload) {
        StoredJob.Origin origin = job.origin();
        return new JobReleased(
                origin.id(),
                origin.queue(),
                origin.spec().type(),
                job.attempt() + 1,
                job.counted() + 1 >= origin.spec().maxAttempts(),
                job.token(),
                origin.spec().priority(),
                Instant.ofEpochMilli(origin.enqueuedMs()),
                Instant.ofEpochMilli(origin.dueMs()),
                origin.spec().timeoutSeconds(),
                leaseMs,
                payload);
    }

    /** Of a job that waits for its next attempt, the time of that. */
    private static long runAtMs(StoredJob job) {
        return job.phase() instanceof JobPhase.Delayed(long dueMs, boolean _)
                ? dueMs
                : job.origin().dueMs();
    }

    private static @Nullable Instant finishedAt(JobPhase phase) {
        return switch (phase) {
            case JobPhase.Stopping(long _, long finishedMs) -> Instant.ofEpochMilli(finishedMs);
            case JobPhase.Finished(var _, long finishedMs, long _) -> Instant.ofEpochMilli(finishedMs);
            case JobPhase.Delayed _, JobPhase.Ready _, JobPhase.Released _, JobPhase.Running _ -> null;
        };
    }
}
