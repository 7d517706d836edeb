package io.tailrace.contracts.job;

import io.tailrace.contracts.identity.DerivedId;
import java.util.UUID;

/**
 * The ids of commands that came with an idempotency key. They are computed and not stored, so that every retry gets the
 * same id on any node, and the log alone knows what was decided under it. Pure.
 */
public final class JobCommandIds {
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

    /** The id of a wish not to wait for a job's time; parameters as for {@link #enqueue}. */
    public static UUID runNow(String subject, UUID jobId, String key) {
        return DerivedId.of(subject, "run-now", jobId, key);
    }
}
