package io.tailrace.dispatcher.metrics;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.Unsound;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a record of {@code tailrace.metrics} or {@code tailrace.readings} says.
 *
 * @param id the id of the metric or of the reading
 * @param event the event, unchanged
 * @param isRepeated whether the log had it before, and it was delivered then
 */
record MetricFact(UUID id, Event event, boolean isRepeated) implements Fact {
    /** Reads a record of {@code tailrace.metrics}. */
    static MetricFact readMetric(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        Event event = event(reader, record, EventTypes.METRIC_CREATED);
        MetricCreated metric = FactReader.payload(event, MetricCreated.class);
        UUID id = FactReader.present(metric.id(), "id");
        FactReader.require(metric.name(), "name");
        reader.place(record, id.toString(), id.toString());
        return new MetricFact(id, event, isRepeated(record));
    }

    /** Reads a record of {@code tailrace.readings}. */
    static MetricFact readReading(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        Event event = event(reader, record, EventTypes.METRIC_READING_CREATED);
        MetricReadingCreated reading = FactReader.payload(event, MetricReadingCreated.class);
        UUID id = FactReader.present(reading.id(), "id");
        UUID metric = FactReader.present(reading.metricId(), "metric_id");
        FactReader.require(reading.timestamp(), "timestamp");
        if (!(reading.value() > 0) || Double.isInfinite(reading.value())) {
            throw new Unsound(Poison.Kind.VALUE, "the field value is " + reading.value() + ", expected above 0");
        }
        reader.place(record, metric.toString(), metric.toString());
        return new MetricFact(id, event, isRepeated(record));
    }

    private static boolean isRepeated(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(Event.HEADER_REPEATED) != null;
    }

    private static Event event(FactReader reader, ConsumerRecord<byte[], byte[]> record, String type) throws Unsound {
        Event event = reader.event(record);
        if (!event.type().equals(type)) {
            throw FactReader.unknownType(event, type);
        }
        return event;
    }

    @Override
    public String derivedId() {
        return event.id();
    }
}
