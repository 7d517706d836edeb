package io.tailrace.ingest.bridge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgeTls;
import io.tailrace.contracts.bridge.BridgedMetric;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bridge as it is answered.
 *
 * @param name its name
 * @param state the worst of its metrics' states: {@code live}, {@code history}, {@code connecting}, {@code failing}, {@code starting}
 * @param target where its source is
 * @param tls how the source is checked; null for clear text
 * @param resolution {@code raw} or that of the source's windows
 * @param frequency the most messages of a metric in a second; null for each change
 * @param gaps how many gaps were told of all metrics
 * @param reconnects how often the calls of all metrics have ended
 * @param createdAt when there came to be a bridge of this name
 * @param changedAt when it was set last
 * @param metrics its metrics
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record BridgeView(
        String name,
        String state,
        String target,
        @Nullable Tls tls,
        String resolution,
        @Nullable Double frequency,
        long gaps,
        long reconnects,
        Instant createdAt,
        Instant changedAt,
        List<MetricView> metrics) {
    private static final double MS_PER_SECOND = 1_000;

    /** From the best to the worst. */
    private static final List<String> STATES = List.of("live", "history", "connecting", "starting", "failing");

    /**
     * How a source is checked.
     *
     * @param serverName the name that its certificate has to have, if not the host of the target
     * @param ownAuthorities whether the certificate comes from authorities that the bridge names
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Tls(@Nullable String serverName, boolean ownAuthorities) {}

    /**
     * Why a metric is not copied at present.
     *
     * @param type for programs
     * @param message for people
     */
    @Introspected
    record Failure(String type, String message) {}

    /**
     * A metric of a bridge.
     *
     * @param remote what the source calls it
     * @param name what it is called here
     * @param metricId its id here; there is such a metric when the source has answered once
     * @param state {@code starting} while no worker has it, {@code connecting}, {@code history}, {@code live}, {@code failing}
     * @param error why it is failing
     * @param epoch the name of the source's numbering
     * @param lastSequence the number of the last message that was copied; null before the first
     * @param lastAt the time of the last reading
     * @param readings how many were copied
     * @param duplicates messages that came again
     * @param refused readings that no metric can have: at or below zero, not finite, from before 1970 or too far ahead
     * @param conflated states that the source has passed over, as {@code frequency} asks
     * @param gaps how many gaps were told
     * @param lastGap the last of them
     * @param reconnects how often a call has ended
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MetricView(
            String remote,
            String name,
            UUID metricId,
            String state,
            @Nullable Failure error,
            @Nullable String epoch,
            @Nullable Long lastSequence,
            @Nullable Instant lastAt,
            long readings,
            long duplicates,
            long refused,
            long conflated,
            long gaps,
            @Schema(implementation = Object.class) @JsonRawValue @Nullable String lastGap,
            long reconnects) {
        private static MetricView of(Bridge bridge, BridgedMetric metric, @Nullable PositionRow row) {
            UUID id = bridge.metricId(metric);
            if (row == null) {
                return new MetricView(
                        metric.remote(), metric.name(), id, "starting", null, null, null, null, 0, 0, 0, 0, 0, null, 0);
            }
            boolean failing = row.alive() && row.errorType() != null && row.error() != null;
            return new MetricView(
                    metric.remote(),
                    metric.name(),
                    id,
                    row.alive() ? row.state() : "starting",
                    failing ? new Failure(String.valueOf(row.errorType()), String.valueOf(row.error())) : null,
                    row.epoch(),
                    row.epoch() == null ? null : row.sequence(),
                    row.lastAt(),
                    row.readings(),
                    row.duplicates(),
                    row.refused(),
                    row.conflated(),
                    row.gaps(),
                    row.lastGap(),
                    row.reconnects());
        }
    }

    /**
     * A bridge and how it is.
     *
     * @param rows of its metrics, by what the source calls them
     */
    static BridgeView of(Bridge bridge, Map<String, PositionRow> rows) {
        List<MetricView> metrics = bridge.metrics().stream()
                .map(metric -> MetricView.of(bridge, metric, rows.get(metric.remote())))
                .toList();
        int worst = metrics.stream()
                .mapToInt(metric -> Math.max(0, STATES.indexOf(metric.state())))
                .max()
                .orElse(0);
        BridgeTls tls = bridge.tls();
        return new BridgeView(
                bridge.name(),
                STATES.get(worst),
                bridge.target(),
                tls == null ? null : new Tls(tls.serverName(), tls.certificates() != null),
                bridge.resolution(),
                bridge.intervalMs() == 0 ? null : MS_PER_SECOND / bridge.intervalMs(),
                metrics.stream().mapToLong(MetricView::gaps).sum(),
                metrics.stream().mapToLong(MetricView::reconnects).sum(),
                bridge.createdAt(),
                bridge.setAt(),
                metrics);
    }
}
