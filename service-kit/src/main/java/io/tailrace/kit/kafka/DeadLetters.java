package io.tailrace.kit.kafka;

import io.tailrace.contracts.text.Excerpt;
import io.tailrace.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be used, as a record of {@link Topics#DEAD_LETTERS}: the original value and headers, and headers
 * that say what its key was, where it came from, who could not use it and why. The letter's own key says where the original
 * is and who could not use it, so that a letter that is sent twice is there once, and a tombstone erases it. Pure; the caller sends it, before it commits the
 * original's offset.
 */
public final class DeadLetters {
    /** The topic that the record came from. */
    public static final String HEADER_TOPIC = "dead_letter_topic";

    /** Its partition, decimal. */
    public static final String HEADER_PARTITION = "dead_letter_partition";

    /** Its offset, decimal. */
    public static final String HEADER_OFFSET = "dead_letter_offset";

    /** Who could not use it. */
    public static final String HEADER_CONSUMER = "dead_letter_consumer";

    /** Why, for a person to read; at most {@value #MAX_REASON_LENGTH} characters. */
    public static final String HEADER_REASON = "dead_letter_reason";

    /** The original's key; not there if it had none. */
    public static final String HEADER_KEY = "dead_letter_key";

    /** Only on a letter whose value is empty because the original had none, or one that is too large: which of the two. */
    public static final String HEADER_VALUE = "dead_letter_value";

    /** Only on a letter that was cut: what was cut, and how long it was, for example {@code value of 1500000 bytes}. */
    public static final String HEADER_CUT = "dead_letter_cut";

    static final String NO_VALUE = "none";
    private static final String TOO_LARGE = "too large";

    private static final int MAX_REASON_LENGTH = 1000;

    private DeadLetters() {}

    /**
     * The dead letter for a record.
     *
     * @param consumer who could not use it, for example {@code projections/users}
     * @param reason why
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> original, String consumer, String reason) {
        ProducerRecord<byte[], byte[]> letter =
                letter(Topics.DEAD_LETTERS, null, null, original.value(), original.headers());
        letter.headers().remove(HEADER_KEY);
        byte @Nullable [] key = original.key();
        if (key != null) {
            letter.headers().add(HEADER_KEY, key);
        }
        add(letter, HEADER_TOPIC, original.topic());
        add(letter, HEADER_PARTITION, Integer.toString(original.partition()));
        add(letter, HEADER_OFFSET, Long.toString(original.offset()));
        add(letter, HEADER_CONSUMER, consumer);
        add(letter, HEADER_REASON, Excerpt.beginning(reason, MAX_REASON_LENGTH));
        return keyed(letter);
    }

    /** The same letter without its value, for brokers that it is too large for. */
    public static ProducerRecord<byte[], byte[]> withoutValue(ProducerRecord<byte[], byte[]> letter) {
        ProducerRecord<byte[], byte[]> small =
                new ProducerRecord<>(letter.topic(), null, null, letter.key(), new byte[0], letter.headers());
        add(small, HEADER_VALUE, TOO_LARGE);
        return small;
    }

    /**
     * A letter of the time when its key was the original's, as it has to be; empty if it is as it has to be, a tombstone, or no
     * letter at all.
     */
    public static Optional<ProducerRecord<byte[], byte[]>> withKeyOfItsOwn(ConsumerRecord<byte[], byte[]> old) {
        @Nullable Header key = old.headers().lastHeader(HEADER_KEY);
        byte @Nullable [] itsKey = old.key();
        boolean isLetter = old.headers().lastHeader(HEADER_TOPIC) != null;
        if (!isLetter || itsKey != null && Arrays.equals(itsKey, key(old.headers()))) {
            return Optional.empty();
        }
        ProducerRecord<byte[], byte[]> letter =
                letter(old.topic(), old.partition(), old.timestamp(), old.value(), old.headers());
        if (key == null && itsKey != null) {
            letter.headers().add(HEADER_KEY, itsKey);
        }
        return Optional.of(keyed(letter));
    }

    /** A record without a value would be a tombstone, so what had none has an empty one. */
    private static ProducerRecord<byte[], byte[]> letter(
            String topic,
            @Nullable Integer partition,
            @Nullable Long timestampMs,
            byte @Nullable [] value,
            Headers headers) {
        byte[] kept = value == null ? new byte[0] : value;
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, partition, timestampMs, null, kept, headers);
        letter.headers().remove(HEADER_VALUE);
        if (value == null) {
            add(letter, HEADER_VALUE, NO_VALUE);
        }
        return letter;
    }

    private static ProducerRecord<byte[], byte[]> keyed(ProducerRecord<byte[], byte[]> letter) {
        return new ProducerRecord<>(
                letter.topic(),
                letter.partition(),
                letter.timestamp(),
                key(letter.headers()),
                letter.value(),
                letter.headers());
    }

    private static byte[] key(Headers headers) {
        String place = text(headers, HEADER_TOPIC)
                + '-'
                + text(headers, HEADER_PARTITION)
                + '@'
                + text(headers, HEADER_OFFSET)
                + '/'
                + text(headers, HEADER_CONSUMER);
        return place.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Headers headers, String name) {
        @Nullable Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void add(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
