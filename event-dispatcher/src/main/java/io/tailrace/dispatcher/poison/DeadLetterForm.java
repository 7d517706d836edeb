package io.tailrace.dispatcher.poison;

import io.tailrace.kit.kafka.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The form of a dead letter: that of {@link DeadLetters}, with the kind of the fault, and never larger than the topic
 * accepts. A letter that the broker refused would abort its transaction, and the record would poison the stream after
 * all. Immutable.
 *
 * @param topic where dead letters go
 * @param consumer who could not use the record, for example {@code event-dispatcher/feed}
 * @param maxBytes the largest letter: key, value and headers. What does not fit is cut, and a header says so
 */
public record DeadLetterForm(String topic, String consumer, int maxBytes) {
    /** The class of the fault: {@link Poison.Kind#label()}. */
    public static final String HEADER_KIND = "dead_letter_kind";

    /** Only on a letter that was cut. */
    public static final String HEADER_CUT = DeadLetters.HEADER_CUT;

    /** Room for our own headers. The reason, the longest, is bounded by {@link DeadLetters}. */
    private static final int OWN_HEADERS_BYTES = 8_192;

    /** Checks the bound. */
    public DeadLetterForm {
        if (maxBytes < 4 * OWN_HEADERS_BYTES) {
            throw new IllegalArgumentException(
                    "maxBytes: " + maxBytes + ", expected at least " + 4 * OWN_HEADERS_BYTES);
        }
    }

    /** The letter for a record; value and headers are the original's, where they fit. */
    public ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> original, Poison poison) {
        StringBuilder cuts = new StringBuilder();
        int budget = maxBytes - OWN_HEADERS_BYTES;
        int headerBytes = bytes(original.headers());
        boolean headersFit = headerBytes <= budget / 4;
        if (!headersFit) {
            cuts.append("headers of ").append(headerBytes).append(" bytes; ");
        }
        budget -= headersFit ? headerBytes : 0;
        byte @Nullable [] key = cut("key", original.key(), budget / 4, cuts);
        budget -= key == null ? 0 : key.length;
        byte @Nullable [] value = cut("value", original.value(), budget, cuts);

        ConsumerRecord<byte[], byte[]> fitting = Original.of(
                original.topic(),
                original.partition(),
                original.offset(),
                original.timestamp(),
                key,
                value,
                headersFit ? original.headers() : new RecordHeaders());
        ProducerRecord<byte[], byte[]> kitForm = DeadLetters.of(fitting, consumer, poison.reason());
        // No timestamp: a dead letter is kept for some time after it was found, not after the original was written.
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, null, null, kitForm.key(), kitForm.value(), kitForm.headers());
        put(letter, HEADER_KIND, poison.kind().label());
        if (!cuts.isEmpty()) {
            put(letter, HEADER_CUT, cuts.toString());
        }
        return letter;
    }

    private static byte @Nullable [] cut(String what, byte @Nullable [] bytes, int maxBytes, StringBuilder cuts) {
        if (bytes == null || bytes.length <= maxBytes) {
            return bytes;
        }
        cuts.append(what).append(" of ").append(bytes.length).append(" bytes; ");
        return Arrays.copyOf(bytes, maxBytes);
    }

    private static int bytes(Headers headers) {
        int sum = 0;
        for (Header header : headers) {
            // 10 bytes are what the record format needs at most for the two lengths of a header.
            sum += header.key().length() * 3 + (header.value() == null ? 0 : header.value().length) + 10;
        }
        return sum;
    }

    private static void put(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
