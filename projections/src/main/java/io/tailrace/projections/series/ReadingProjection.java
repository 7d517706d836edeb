package io.tailrace.projections.series;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;

/** {@code tailrace.readings} to rows. A change is the reading itself. */
public final class ReadingProjection implements Projection<MetricReadingCreated> {
    /** The name, which the API waits for. */
    public static final String NAME = "readings";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String topic() {
        return Topics.READINGS;
    }

    @Override
    public ParsedRecord<MetricReadingCreated> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone _ ->
                new ParsedRecord.Poison<>("a record without a value: readings are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<MetricReadingCreated> read(String key, Event event) {
        if (!event.type().equals(EventTypes.METRIC_READING_CREATED)) {
            return new ParsedRecord.Ignored<>();
        }
        try {
            MetricReadingCreated reading = Payloads.read(event, MetricReadingCreated.class);
            Payloads.require("id", reading.id());
            Payloads.require("timestamp", reading.timestamp());
            Payloads.requireKey(key, "metric_id", reading.metricId());
            if (!Double.isFinite(reading.value())) {
                throw new UnreadablePayload("value: " + reading.value() + ", expected a finite number");
            }
            return new ParsedRecord.Changes<>(reading);
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }
}
