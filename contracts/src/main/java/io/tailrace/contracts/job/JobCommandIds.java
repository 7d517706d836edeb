package io.tailrace.contracts.job;

import io.tailrace.contracts.identity.DerivedId;
import java.time.Instant;
import java.util.UUID;

/**
 * The ids of commands that came with an idempotency key. They are computed and not stored, so that every retry gets the
 * same id on any node, and the log alone knows what was decided under it. Pure.
 */
public final class JobCommandIds {
    /** In the place of a person. The subject of a token has no control characters. */
    private static final String SCHEDULES = "\u0001schedules";

    private JobCommandIds() {}

    /**
     * The id of a new job.
     *
     * @param subject who asks; without NUL
     * @param key the idempotency key, any text
     */
    public static UUID enqueue(String subject, String key) {
        return DerivedId.of(subject, "enqueue", key);
    }

    /** The id of a cancellation; parameters as for {@link #enqueue}. */
    public static UUID cancel(String subject, UUID jobId, String key) {
        return DerivedId.of(subject, "cancel", jobId, key);
    }

    /** The id of a retry; parameters as for {@link #enqueue}. */
    public static UUID retry(String subject, UUID jobId, String key) {
        return DerivedId.of(subject, "retry", jobId, key);
    }

    /** The id of the job of a firing of a schedule. A schedule fires once at a time, however often it was changed. */
    public static UUID firing(String schedule, Instant plannedAt) {
        return DerivedId.of(SCHEDULES, schedule, String.valueOf(plannedAt.toEpochMilli()));
    }

    /** The id of the job of a schedule that a person wants to fire now; parameters as for {@link #enqueue}. */
    public static UUID scheduleRun(String subject, String schedule, String key) {
        return DerivedId.of(subject, "run-schedule/" + schedule, key);
    }

    /** The id of a wish not to wait for a job's time; parameters as for {@link #enqueue}. */
    public static UUID runNow(String subject, UUID jobId, String key) {
        return DerivedId.of(subject, "run-now", jobId, key);
    }
}
