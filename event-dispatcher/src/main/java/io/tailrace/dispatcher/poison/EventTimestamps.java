package io.tailrace.dispatcher.poison;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's own time. Streams would skip a record with a time below zero without a trace; here it gets the time of
 * its partition, and so it is processed, or becomes a dead letter, like any other.
 */
public final class EventTimestamps implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTimeMs) {
        return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTimeMs);
    }
}
