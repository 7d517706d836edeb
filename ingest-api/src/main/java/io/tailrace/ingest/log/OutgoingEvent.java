package io.tailrace.ingest.log;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.trace.RecordTrace;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be written, and the topic and partition for it.
 *
 * @param topic the topic
 * @param partition the partition, or null for Kafka's own choice by the key
 * @param key the record's key
 * @param event the event
 * @param forgets whether the record has no value, so that compaction forgets what is known under the key; the event's
 *     attributes travel all the same
 */
public record OutgoingEvent(String topic, @Nullable Integer partition, String key, Event event, boolean forgets) {
    /**
     * What an empty record costs at most in a batch of its own: the batch's header (61 bytes) and a record's lengths and
     * deltas (KIP-98), rounded up.
     */
    private static final int OVERHEAD_BYTES = 128;

    private static final int HEADER_OVERHEAD_BYTES = 10;

    /** An entry whose event is the record's value. */
    public OutgoingEvent(String topic, @Nullable Integer partition, String key, Event event) {
        this(topic, partition, key, event, false);
    }

    /** A fact: its partition follows from its key, as {@link FactKeys} has it. */
    public static OutgoingEvent fact(String topic, String key, Event event) {
        return new OutgoingEvent(topic, FactKeys.partition(key), key, event);
    }

    /** That a fact is to be forgotten: a record without a value, in the fact's partition. */
    public static OutgoingEvent tombstone(String topic, String key, Event event) {
        return new OutgoingEvent(topic, FactKeys.partition(key), key, event, true);
    }

    /**
     * The record that carries it.
     *
     * @throws IllegalArgumentException as {@link EventRecords#toRecord}
     */
    public ProducerRecord<byte[], byte[]> record() {
        return forgets
                ? EventRecords.toTombstone(topic, partition, key, event)
                : EventRecords.toRecord(topic, partition, key, event);
    }

    /** An upper bound of the record's size in the log, in bytes. */
    public long sizeBytes() {
        // With the trace, whether the record will have one or not: it must not be what makes an event too large.
        long bytes = OVERHEAD_BYTES
                + RecordTrace.MAX_BYTES
                + key.getBytes(StandardCharsets.UTF_8).length
                + (long) event.data().length;
        for (Event.Header header : event.headers()) {
            bytes += header.name().length() + (long) header.value().length + HEADER_OVERHEAD_BYTES;
        }
        return bytes;
    }
}
