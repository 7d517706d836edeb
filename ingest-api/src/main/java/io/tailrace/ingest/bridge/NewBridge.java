package io.tailrace.ingest.bridge;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bridge is to be.
 *
 * @param target the host and the port of a gRPC server that implements {@code tailrace.series.v1.SeriesService.Watch}
 * @param tls false for clear text, true for TLS, or an object with {@code server_name} and {@code certificates}
 * @param metrics what is copied
 * @param resolution {@code raw}, or the label of a resolution of the source
 * @param frequency the most messages of a metric in a second; without it each change
 */
@Introspected
record NewBridge(
        String target,
        @Schema(implementation = Object.class) @Nullable Object tls,
        List<Metric> metrics,
        @Nullable String resolution,
        @Nullable Double frequency) {
    /**
     * A metric.
     *
     * @param remote what the source calls it
     * @param name what it is called here; without it the same
     */
    @Introspected
    record Metric(String remote, @Nullable String name) {}
}
