package io.tailrace.dispatcher.poison;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The record as it came from the log, put together again from what Streams hands to a processor. */
public final class Original {
    private static final String UNKNOWN_TOPIC = "unknown";

    private Original() {}

    /** The record that {@code context} is processing. Key, value and headers are shared, not copied. */
    public static ConsumerRecord<byte[], byte[]> of(ProcessingContext context, Record<byte[], byte[]> record) {
        Optional<RecordMetadata> metadata = context.recordMetadata();
        return of(
                metadata.map(RecordMetadata::topic).orElse(UNKNOWN_TOPIC),
                metadata.map(RecordMetadata::partition).orElse(-1),
                metadata.map(RecordMetadata::offset).orElse(-1L),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    /** A record of its parts. */
    public static ConsumerRecord<byte[], byte[]> of(
            @Nullable String topic,
            int partition,
            long offset,
            long timestampMs,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers) {
        // The client refuses a negative partition or offset; Streams says -1 where there is none.
        return new ConsumerRecord<>(
                topic == null ? UNKNOWN_TOPIC : topic,
                Math.max(0, partition),
                Math.max(0, offset),
                timestampMs,
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                key,
                value,
                headers,
                Optional.empty());
    }
}
