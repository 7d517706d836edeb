package io.tailrace.projections.metric;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Projection;
import java.util.UUID;

/** {@code tailrace.metrics} to {@link MetricChange}. */
public final class MetricProjection implements Projection<MetricChange> {
    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public String topic() {
        return Topics.METRICS;
    }

    @Override
    public ParsedRecord<MetricChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new ParsedRecord.Poison<>("a record without a value: metrics are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<MetricChange> read(String key, Event event) {
        if (!event.type().equals(EventTypes.METRIC_CREATED)) {
            return new ParsedRecord.Ignored<>();
        }
        try {
            UUID id = Payload.uuid("key", key);
            Payload payload = Payload.parse(event.data());
            payload.requireSame("id", id);
            MetricCreated metric = new MetricCreated(id, payload.text("name"), payload.optionalText("unit"));
            return new ParsedRecord.Changes<>(new MetricChange.Put(metric, event.time()));
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }
}
