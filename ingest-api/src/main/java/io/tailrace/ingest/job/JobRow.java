package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job, as the projections hold it, with the error of its last attempt that failed.
 *
 * @param payload JSON, or null where it is not shown
 * @param result JSON, or null
 * @param progressAttempt the attempt that the progress is of
 * @param errorAttempt the attempt that the error is of
 */
@MappedEntity("jobs")
record JobRow(
        @Id UUID id,
        String queue,
        String type,
        String state,
        int priority,
        Instant runAt,
        int attempt,
        int maxAttempts,
        int timeoutSeconds,
        @Nullable String limitKey,
        @Nullable String uniqueKey,
        Instant enqueuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String worker,
        @Nullable String payload,
        @Nullable String result,
        @Nullable Integer progressAttempt,
        @Nullable Double progressFraction,
        @Nullable String progressMessage,
        @Nullable Integer errorAttempt,
        @Nullable String errorType,
        @Nullable String errorMessage) {}
