package io.tailrace.ingest.dashboard;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A dashboard as the projection has it. */
@MappedEntity("dashboards")
record DashboardRow(
        @Id UUID id,
        UUID ownerId,
        String name,
        String timeRange,
        String panels,
        @Nullable String link,
        Instant createdAt,
        Instant changedAt) {}
