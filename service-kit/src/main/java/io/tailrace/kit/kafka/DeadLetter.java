package io.tailrace.kit.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it is read: where the record was that somebody could not use, and that record. Pure.
 *
 * @param topic where the record was
 * @param partition its partition
 * @param offset its offset
 * @param consumer who could not use it, for example {@code projections/users}
 * @param isWhole whether key, value and headers are all there: a letter that was too large has less
 * @param key the record's key
 * @param value its value; null if it had none, or is not {@code isWhole}
 * @param headers its headers
 */
public record DeadLetter(
        String topic,
        int partition,
        long offset,
        String consumer,
        boolean isWhole,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers) {
    private static final String OWN = "dead_letter_";

    /** Reads one; empty if it is none, for example a tombstone. */
    public static Optional<DeadLetter> read(ConsumerRecord<byte[], byte[]> record) {
        String topic = text(record.headers(), DeadLetters.HEADER_TOPIC);
        String consumer = text(record.headers(), DeadLetters.HEADER_CONSUMER);
        byte @Nullable [] value = record.value();
        if (value == null || topic == null || consumer == null) {
            return Optional.empty();
        }
        try {
            int partition = Integer.parseInt(String.valueOf(text(record.headers(), DeadLetters.HEADER_PARTITION)));
            long offset = Long.parseLong(String.valueOf(text(record.headers(), DeadLetters.HEADER_OFFSET)));
            String without = text(record.headers(), DeadLetters.HEADER_VALUE);
            boolean isWhole = (without == null || without.equals(DeadLetters.NO_VALUE))
                    && record.headers().lastHeader(DeadLetters.HEADER_CUT) == null;
            Header key = record.headers().lastHeader(DeadLetters.HEADER_KEY);
            Headers headers = new RecordHeaders();
            record.headers().forEach(header -> {
                if (!header.key().startsWith(OWN)) {
                    headers.add(header);
                }
            });
            return Optional.of(new DeadLetter(
                    topic,
                    partition,
                    offset,
                    consumer,
                    isWhole,
                    key == null ? null : key.value(),
                    without == null ? value : null,
                    headers));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The record that was the original, for the end of the same partition. */
    public ProducerRecord<byte[], byte[]> original() {
        return new ProducerRecord<>(topic, partition, null, key, value, headers);
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
