package io.tailrace.projections.job;

import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events of jobs as the dispatcher writes them. */
final class JobEventsOfTests {
    /** When jobs are enqueued. */
    static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private JobEventsOfTests() {}

    /** A job of the queue {@code default} as it stands. */
    static JobView view(UUID id, JobState state, int attempt) {
        return view("default", id, state, attempt);
    }

    /** A job as it stands. */
    static JobView view(String queue, UUID id, JobState state, int attempt) {
        return new JobView(
                id,
                queue,
                "email",
                state.label(),
                5,
                AT,
                attempt,
                3,
                60,
                null,
                null,
                AT,
                attempt == 0 ? null : AT.plusSeconds(attempt),
                state.isFinal() ? AT.plusSeconds(10) : null,
                attempt == 0 ? null : "w" + attempt);
    }

    /** Nothing but how it stands. */
    static JobChanged changed(JobView view) {
        return new JobChanged(view, UUID.randomUUID(), null, 7L, null, null, null, null);
    }

    /** A new one. */
    static JobChanged enqueued(JobView view, Object payload) {
        return new JobChanged(view, view.id(), "0123456789abcdef", null, payload, null, null, null);
    }

    /** One that has come so far. */
    static JobChanged progressed(JobView view, double fraction, String message) {
        return new JobChanged(view, null, null, 7L, null, new JobProgress(fraction, message), null, null);
    }

    /** One whose attempt failed. */
    static JobChanged failed(JobView view, String type, String message) {
        return new JobChanged(view, null, null, 7L, null, null, new JobError(type, message), null);
    }

    /** One that succeeded. */
    static JobChanged succeeded(JobView view, @Nullable Object result) {
        return new JobChanged(view, null, null, 7L, null, null, null, result);
    }
}
