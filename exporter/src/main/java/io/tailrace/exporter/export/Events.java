package io.tailrace.exporter.export;

import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.event.Event;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The events of a namespace's channels, one row each.
 *
 * @param namespace the namespace
 */
record Events(Namespace namespace) implements Source {
    private static final List<Column> COLUMNS = List.of(
            new Column("log_partition", Column.Kind.INTEGER),
            new Column("log_offset", Column.Kind.INTEGER),
            new Column("channel", Column.Kind.TEXT),
            new Column("id", Column.Kind.TEXT),
            new Column("type", Column.Kind.TEXT),
            new Column("source", Column.Kind.TEXT),
            new Column("time", Column.Kind.TIME),
            new Column("subject", Column.Kind.TEXT),
            new Column("data", Column.Kind.TEXT));

    @Override
    public String name() {
        return namespace.name();
    }

    @Override
    public String topic() {
        return namespace.topic();
    }

    @Override
    public int partitions() {
        return namespace.partitions();
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public Optional<@Nullable Object[]> row(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        if (key == null || !(EventRecords.read(record) instanceof EventReading.Readable(Event event))) {
            return Optional.empty();
        }
        return Optional.of(new @Nullable Object[] {
            (long) record.partition(),
            record.offset(),
            new String(key, StandardCharsets.UTF_8),
            event.id(),
            event.type(),
            event.source(),
            event.time(),
            event.subject(),
            new String(event.data(), StandardCharsets.UTF_8)
        });
    }
}
