package io.tailrace.ingest.answer;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The job of an answer, as the projections hold it.
 *
 * @param model the model that was asked for; null if the person was erased
 * @param result JSON, or null
 * @param errorType of the last attempt that failed
 */
@MappedEntity("jobs")
record AnswerRow(
        @Id UUID id,
        UUID ownerId,
        String state,
        int attempt,
        @Nullable String model,
        Instant enqueuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String result,
        @Nullable String errorType,
        @Nullable String errorMessage) {}
