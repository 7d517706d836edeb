package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.QueueLimits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue as it stands.
 *
 * @param name its name
 * @param state {@code running} or {@code paused}
 * @param limits its limits; 0 is none
 * @param capacity the most jobs that it may have that are not finished
 * @param sizes jobs by state, as the log last said
 * @param oldestWaitingAt when the oldest job that waits was to run; null if none is late
 * @param lastMinute what happened in the last minute that is over, by the log's clock
 * @param lastHour what happened in the last hour
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record QueueDetails(
        String name,
        String state,
        QueueLimits limits,
        int capacity,
        Sizes sizes,
        @Nullable Instant oldestWaitingAt,
        Figures lastMinute,
        Figures lastHour) {
    /** Jobs by state. */
    @Introspected
    record Sizes(long scheduled, long ready, long running, long retrying, long succeeded, long dead, long cancelled) {}

    /**
     * What happened in some time.
     *
     * @param enqueued new jobs
     * @param started attempts that began
     * @param succeeded jobs that succeeded
     * @param failed attempts that failed
     * @param dead jobs that died
     * @param cancelled jobs that were cancelled
     */
    @Introspected
    record Figures(long enqueued, long started, long succeeded, long failed, long dead, long cancelled) {}

    static QueueDetails of(JobQueue declared, QueueRow row) {
        Boolean paused = row.paused();
        QueueLimits limits = paused == null
                ? declared.limits()
                : new QueueLimits(
                        row.concurrency() == null ? 0 : row.concurrency(),
                        row.ratePerSecond() == null ? 0 : row.ratePerSecond(),
                        row.keyConcurrency() == null ? 0 : row.keyConcurrency(),
                        row.keyRatePerSecond() == null ? 0 : row.keyRatePerSecond());
        return new QueueDetails(
                declared.name(),
                QueueAnswer.state(paused != null && paused),
                limits,
                declared.capacity(),
                new Sizes(
                        row.scheduled(),
                        row.ready(),
                        row.running(),
                        row.retrying(),
                        row.succeeded(),
                        row.dead(),
                        row.cancelled()),
                row.oldestWaitingAt(),
                new Figures(
                        row.minuteEnqueued(),
                        row.minuteStarted(),
                        row.minuteSucceeded(),
                        row.minuteFailed(),
                        row.minuteDead(),
                        row.minuteCancelled()),
                new Figures(
                        row.hourEnqueued(),
                        row.hourStarted(),
                        row.hourSucceeded(),
                        row.hourFailed(),
                        row.hourDead(),
                        row.hourCancelled()));
    }
}
