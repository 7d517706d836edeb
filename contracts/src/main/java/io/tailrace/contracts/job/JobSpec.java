package io.tailrace.contracts.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a job, beside its payload. Part of {@link JobEvents.EnqueueRequested}, as it stands here.
 *
 * @param type which handler runs it: {@code [a-z][a-z0-9_.-]{0,63}}
 * @param priority 0 to 9; of the ready jobs of a queue, those of the highest priority go first
 * @param runAt not before this time, the year 9999 at the latest; a time that has passed is now. Null for now
 * @param delaySeconds not before so long after the job was enqueued, by the log's clock; 0 with {@code runAt}. A repetition of
 *     the same request asks for the same delay, whenever it comes
 * @param uniqueKey at most one job of a queue has it at a time; 1 to {@value #MAX_UNIQUE_KEY} bytes of UTF-8, or null
 * @param uniqueSeconds how long after it was enqueued a job has its unique key, whatever becomes of it; 0 for as long as it is
 *     not finished
 * @param maxAttempts how many attempts there are before the job is dead, 1 to {@value #MAX_ATTEMPTS}
 * @param timeoutSeconds how long one attempt may take, 1 to {@value #MAX_TIMEOUT_SECONDS}
 * @param key whose work it is, where a queue limits the jobs of each key; 1 to {@value #MAX_KEY} bytes of UTF-8, or null
 * @param retry when it is tried again
 */
public record JobSpec(
        String type,
        int priority,
        @Nullable Instant runAt,
        int delaySeconds,
        @Nullable String uniqueKey,
        int uniqueSeconds,
        int maxAttempts,
        int timeoutSeconds,
        @Nullable String key,
        RetryPolicy retry) {
    /** The highest priority. */
    public static final int MAX_PRIORITY = 9;

    /** The priority of a job that asks for none. */
    public static final int DEFAULT_PRIORITY = 5;

    /** The longest unique key, in bytes. */
    public static final int MAX_UNIQUE_KEY = 512;

    /** The longest time for which a unique key outlives its job: 30 days. */
    public static final int MAX_UNIQUE_SECONDS = 2_592_000;

    /** The most attempts. */
    public static final int MAX_ATTEMPTS = 100;

    /** The longest attempt: a day. */
    public static final int MAX_TIMEOUT_SECONDS = 86_400;

    /** The longest key, in bytes. */
    public static final int MAX_KEY = 128;

    /** The longest payload, in bytes of JSON. */
    public static final int MAX_PAYLOAD_BYTES = 262_144;

    /** The longest result, in bytes of JSON. */
    public static final int MAX_RESULT_BYTES = 65_536;

    /** The last moment of the year 9999, which is the last that RFC 3339 can say. */
    public static final Instant LAST_RUN_AT = Instant.parse("9999-12-31T23:59:59.999Z");

    /** Checks the ranges. */
    public JobSpec {
        JobLimits.type(type);
        JobLimits.range("priority", priority, 0, MAX_PRIORITY);
        if (runAt != null && runAt.isAfter(LAST_RUN_AT)) {
            throw new IllegalArgumentException("run_at: " + runAt + ", expected at most " + LAST_RUN_AT);
        }
        if (runAt != null && delaySeconds != 0) {
            throw new IllegalArgumentException("run_at and delay_seconds: expected one of them");
        }
        JobLimits.range("delay_seconds", delaySeconds, 0, Integer.MAX_VALUE);
        if (uniqueKey != null) {
            JobLimits.text("unique_key", uniqueKey, MAX_UNIQUE_KEY);
        }
        JobLimits.range("unique_seconds", uniqueSeconds, 0, uniqueKey == null ? 0 : MAX_UNIQUE_SECONDS);
        JobLimits.range("max_attempts", maxAttempts, 1, MAX_ATTEMPTS);
        JobLimits.range("timeout_seconds", timeoutSeconds, 1, MAX_TIMEOUT_SECONDS);
        if (key != null) {
            JobLimits.text("key", key, MAX_KEY);
        }
    }

    /**
     * When the job may run.
     *
     * @param nowMs when it was enqueued, in milliseconds since the epoch
     * @return at least {@code nowMs}
     */
    public long dueMs(long nowMs) {
        // A time long before the epoch would overflow.
        long atMs = runAt == null || runAt.isBefore(Instant.EPOCH) ? 0 : runAt.toEpochMilli();
        return Math.max(atMs, nowMs + 1000L * delaySeconds);
    }
}
