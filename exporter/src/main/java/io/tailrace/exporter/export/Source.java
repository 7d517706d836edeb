package io.tailrace.exporter.export;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A topic and the rows that its records are. Thread-safe and pure. */
public interface Source {
    /** Its name, as payloads and files have it: {@code [a-z][a-z0-9_-]*}. */
    String name();

    /** The topic. */
    String topic();

    /** How many partitions the topic has. */
    int partitions();

    /** The columns of each row. */
    List<Column> columns();

    /**
     * The row of a record: a value for each column, or null where there is none.
     *
     * @return empty if the record is no event of the source, for example a tombstone
     */
    Optional<@Nullable Object[]> row(ConsumerRecord<byte[], byte[]> record);
}
