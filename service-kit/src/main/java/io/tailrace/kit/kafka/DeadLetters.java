package io.tailrace.kit.kafka;

import io.tailrace.contracts.text.Excerpt;
import io.tailrace.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record that could not be used, as a record of {@link Topics#DEAD_LETTERS}: the original key, value and headers, and
 * headers that say where it came from, who could not use it and why. Pure; the caller sends it, before it commits the
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

    private static final int MAX_REASON_LENGTH = 1000;

    private DeadLetters() {}

    /**
     * The dead letter for a record.
     *
     * @param consumer who could not use it, for example {@code workers/users}
     * @param reason why
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> original, String consumer, String reason) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(Topics.DEAD_LETTERS, null, original.key(), original.value(), original.headers());
        add(letter, HEADER_TOPIC, original.topic());
        add(letter, HEADER_PARTITION, Integer.toString(original.partition()));
        add(letter, HEADER_OFFSET, Long.toString(original.offset()));
        add(letter, HEADER_CONSUMER, consumer);
        add(letter, HEADER_REASON, Excerpt.beginning(reason, MAX_REASON_LENGTH));
        return letter;
    }

    private static void add(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
