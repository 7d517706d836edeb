package io.tailrace.ingest.lease;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * A job whose attempt has begun in the name of a worker.
 *
 * @param id the job
 * @param token stands for the attempt; whatever is said of it names it. Grows with each release of a job
 * @param queue its queue
 * @param type its type
 * @param attempt which attempt it is, from 1
 * @param lastAttempt whether the job is dead if this attempt fails
 * @param priority 0 to 9
 * @param enqueuedAt when it was enqueued
 * @param timeoutSeconds how long the attempt may take
 * @param leaseSeconds how long the worker may be silent; then the attempt has failed
 * @param payload what it was enqueued with
 */
@Introspected
record Lease(
        UUID id,
        long token,
        String queue,
        String type,
        int attempt,
        boolean lastAttempt,
        int priority,
        Instant enqueuedAt,
        int timeoutSeconds,
        long leaseSeconds,
        @Schema(implementation = Object.class) @JsonRawValue String payload) {
    private static final int MS = 1_000;

    /** The lease of a released job. */
    static Lease of(JobReleased job) {
        Object payload = job.payload();
        return new Lease(
                job.id(),
                job.token(),
                job.queue(),
                job.type(),
                job.attempt(),
                job.lastAttempt(),
                job.priority(),
                job.enqueuedAt(),
                job.timeoutSeconds(),
                Math.max(1, job.leaseMs() / MS),
                payload == null ? "null" : new String(Json.write(payload), StandardCharsets.UTF_8));
    }
}
