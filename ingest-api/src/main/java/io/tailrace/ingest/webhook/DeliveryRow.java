package io.tailrace.ingest.webhook;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job of an endpoint as the projection has it.
 *
 * @param result what its last attempt said, as JSON
 * @param attempts its attempts in their order, as JSON
 */
@MappedEntity("jobs")
record DeliveryRow(
        @Id UUID id,
        String state,
        Instant enqueuedAt,
        Instant runAt,
        @Nullable Instant finishedAt,
        @Nullable String result,
        @Nullable String attempts) {}
