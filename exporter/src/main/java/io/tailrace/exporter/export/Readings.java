package io.tailrace.exporter.export;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The readings of metrics, one row each. */
final class Readings implements Source {
    private static final List<Column> COLUMNS = List.of(
            new Column("log_partition", Column.Kind.INTEGER),
            new Column("log_offset", Column.Kind.INTEGER),
            new Column("id", Column.Kind.TEXT),
            new Column("metric_id", Column.Kind.TEXT),
            new Column("value", Column.Kind.REAL),
            new Column("timestamp", Column.Kind.TIME));

    @Override
    public String name() {
        return "readings";
    }

    @Override
    public String topic() {
        return Topics.READINGS;
    }

    @Override
    public int partitions() {
        return Topics.FACT_PARTITIONS;
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public Optional<@Nullable Object[]> row(ConsumerRecord<byte[], byte[]> record) {
        if (!(EventRecords.read(record) instanceof EventReading.Readable(Event event))
                || !event.type().equals(EventTypes.METRIC_READING_CREATED)) {
            return Optional.empty();
        }
        try {
            MetricReadingCreated reading = Json.read(event.data(), MetricReadingCreated.class);
            if (reading.id() == null || reading.metricId() == null || reading.timestamp() == null) {
                return Optional.empty();
            }
            return Optional.of(new @Nullable Object[] {
                (long) record.partition(),
                record.offset(),
                reading.id().toString(),
                reading.metricId().toString(),
                reading.value(),
                reading.timestamp()
            });
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
