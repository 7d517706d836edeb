package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue, as the projections hold it: jobs by state, then what happened in the last minute that is over and in the last hour.
 *
 * @param paused null if nobody has changed the queue; then the limits are null, too
 * @param oldestWaitingAt when the oldest job that waits and may run was to run
 */
@MappedEntity("job_queues")
record QueueRow(
        @Id String queue,
        @Nullable Boolean paused,
        @Nullable Integer concurrency,
        @Nullable Double ratePerSecond,
        @Nullable Integer keyConcurrency,
        @Nullable Double keyRatePerSecond,
        @Nullable Instant oldestWaitingAt,
        long scheduled,
        long ready,
        long running,
        long retrying,
        long succeeded,
        long dead,
        long cancelled,
        long minuteEnqueued,
        long minuteStarted,
        long minuteSucceeded,
        long minuteFailed,
        long minuteDead,
        long minuteCancelled,
        long hourEnqueued,
        long hourStarted,
        long hourSucceeded,
        long hourFailed,
        long hourDead,
        long hourCancelled) {}
