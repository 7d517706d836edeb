package io.tailrace.projections.series;

import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;
import java.util.Optional;

/** The topic of the channels of series to {@link PointChange}. The key is the channel. */
public final class PointProjection implements Projection<PointChange> {
    /** The name, which the API asks for. */
    public static final String NAME = "series_points";

    private final Namespace namespace;
    private final Resolutions resolutions;

    /**
     * A projection of windows.
     *
     * @param namespace the namespace of the channels, {@code series}
     * @param resolutions those that are kept; windows of others are passed over
     */
    public PointProjection(Namespace namespace, Resolutions resolutions) {
        this.namespace = namespace;
        this.resolutions = resolutions;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String topic() {
        return namespace.topic();
    }

    @Override
    public ParsedRecord<PointChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone _ ->
                new ParsedRecord.Poison<>("a record without a value: the channels of series are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event(), fact.offset());
        };
    }

    private ParsedRecord<PointChange> read(String key, Event event, long offset) {
        if (!event.type().equals(SeriesPoint.TYPE)) {
            return new ParsedRecord.Ignored<>();
        }
        try {
            SeriesPoint point = Payloads.read(event, SeriesPoint.class);
            Payloads.require("metric_id", point.metricId());
            Payloads.require("t", point.t());
            Payloads.require("last_at", point.lastAt());
            String label = Payloads.require("resolution", point.resolution());
            if (!key.equals(SeriesPoint.channel(point.metricId(), label))) {
                throw new UnreadablePayload("key: not the channel of the metric and the resolution");
            }
            if (point.count() < 1) {
                throw new UnreadablePayload("count: " + point.count() + ", expected at least 1");
            }
            Optional<Resolution> resolution = resolutions.of(label);
            return resolution.isEmpty()
                    ? new ParsedRecord.Ignored<>()
                    : new ParsedRecord.Changes<>(
                            new PointChange(point, resolution.get().lengthMs(), offset));
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }
}
