package io.tailrace.ingest.webhook;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An endpoint as it stands in its table, without its secrets. */
@MappedEntity("webhook_endpoints")
record EndpointRow(
        @Id UUID id,
        String owner,
        String url,
        String events,
        String state,
        @Nullable String disabledReason,
        @Nullable Instant previousUntil,
        Instant createdAt,
        Instant changedAt) {}
