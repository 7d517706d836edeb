package io.tailrace.kit.consume;

import io.tailrace.contracts.event.Event;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A record of the log as those see it who copy the log. */
public sealed interface LogEntry {
    /** The record's key. */
    String key();

    /**
     * Reads a record.
     *
     * @param reader what it means; asked only if it is an entry at all
     * @param <C> the changes that it may mean
     */
    static <C> ParsedRecord<C> read(ConsumerRecord<byte[], byte[]> record, Function<LogEntry, ParsedRecord<C>> reader) {
        return switch (EventRecords.read(record)) {
            case EventReading.Unreadable unreadable -> new ParsedRecord.Poison<>(unreadable.reason());
            case EventReading.Tombstone tombstone -> reader.apply(new Tombstone(tombstone.key()));
            case EventReading.Readable readable -> {
                byte @Nullable [] key = record.key();
                yield key == null
                        ? new ParsedRecord.Poison<>("key: missing")
                        : reader.apply(
                                new Fact(new String(key, StandardCharsets.UTF_8), readable.event(), record.offset()));
            }
        };
    }

    /**
     * Something happened.
     *
     * @param key the record's key
     * @param event what happened
     * @param offset the record's place in its partition
     */
    record Fact(String key, Event event, long offset) implements LogEntry {
        /** At the start of its partition. */
        public Fact(String key, Event event) {
            this(key, event, 0);
        }
    }

    /**
     * Everything about the key is to be forgotten: a record without a value.
     *
     * @param key the record's key
     */
    record Tombstone(String key) implements LogEntry {}
}
