package io.tailrace.ingest.bridge;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a metric of a bridge is, as its worker said last.
 *
 * @param alive whether that was a short time ago
 */
@Introspected
@MappedEntity("bridge_positions")
record PositionRow(
        String bridge,
        String remote,
        @Nullable String epoch,
        long sequence,
        @Nullable Instant lastAt,
        String state,
        @Nullable String errorType,
        @Nullable String error,
        long readings,
        long duplicates,
        long refused,
        long conflated,
        long gaps,
        @Nullable String lastGap,
        long reconnects,
        boolean alive) {}
