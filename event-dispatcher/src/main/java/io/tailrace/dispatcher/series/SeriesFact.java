package io.tailrace.dispatcher.series;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.Unsound;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a record of {@code tailrace.readings} says.
 *
 * @param id the id of the reading
 * @param reading the reading
 * @param isRepeated whether the log had it before
 */
record SeriesFact(UUID id, SeriesReading reading, boolean isRepeated) implements Fact {
    /** Times beyond these are in no window anyway. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    static SeriesFact read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        Event event = reader.event(record);
        if (!event.type().equals(EventTypes.METRIC_READING_CREATED)) {
            throw FactReader.unknownType(event, EventTypes.METRIC_READING_CREATED);
        }
        MetricReadingCreated reading = FactReader.payload(event, MetricReadingCreated.class);
        UUID id = FactReader.present(reading.id(), "id");
        UUID metric = FactReader.present(reading.metricId(), "metric_id");
        Instant timestamp = FactReader.present(reading.timestamp(), "timestamp");
        if (!(reading.value() > 0) || Double.isInfinite(reading.value())) {
            throw new Unsound(Poison.Kind.VALUE, "the field value is " + reading.value() + ", expected above 0");
        }
        reader.place(record, metric.toString(), metric.toString());
        boolean isRepeated = record.headers().lastHeader(Event.HEADER_REPEATED) != null;
        return new SeriesFact(id, new SeriesReading(metric, micros(timestamp), reading.value()), isRepeated);
    }

    private static long micros(Instant time) {
        Instant bounded = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
        return bounded.getEpochSecond() * 1_000_000 + bounded.getNano() / 1_000;
    }

    /** Windows are of many readings, so none of them is refused because of one. */
    @Override
    public @Nullable String derivedId() {
        return null;
    }
}
