package io.tailrace.dispatcher.poison;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.dispatcher.testing.Facts;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class DeadLetterFormTest {
    private static final int MAX_BYTES = 40_000;
    private static final Poison POISON = new Poison(Poison.Kind.VALUE, "r".repeat(5_000));

    private final DeadLetterForm form = new DeadLetterForm("dead", "test", MAX_BYTES);

    @Test
    void a_letter_that_fits_is_the_original() {
        var headers = new RecordHeaders().add("a", Facts.bytes("b"));

        var letter = letter(Facts.bytes("key"), Facts.bytes("value"), headers);

        assertThat(letter.topic()).isEqualTo("dead");
        assertThat(letter.key()).isEqualTo(Facts.bytes("facts-3@42/test"));
        assertThat(text(letter, "dead_letter_key")).isEqualTo("key");
        assertThat(letter.value()).isEqualTo(Facts.bytes("value"));
        assertThat(text(letter, "a")).isEqualTo("b");
        assertThat(letter.headers().lastHeader("dead_letter_cut")).isNull();
    }

    @Test
    void a_value_that_is_too_large_is_cut_and_the_letter_says_so() {
        var letter = letter(Facts.bytes("key"), new byte[1_000_000], new RecordHeaders());

        assertThat(text(letter, "dead_letter_cut")).isEqualTo("value of 1000000 bytes; ");
        assertThat(bytes(letter)).isLessThanOrEqualTo(MAX_BYTES).isGreaterThan(MAX_BYTES / 2);
    }

    @Test
    void everything_too_large_at_once_still_fits() {
        var headers = new RecordHeaders().add("h", new byte[100_000]).add("dead_letter_topic", Facts.bytes("forged"));

        var letter = letter(new byte[100_000], new byte[100_000], headers);

        assertThat(bytes(letter)).isLessThanOrEqualTo(MAX_BYTES);
        assertThat(text(letter, "dead_letter_topic")).isEqualTo("facts");
        assertThat(text(letter, "dead_letter_cut"))
                .contains("headers of ", "key of 100000 bytes", "value of 100000 bytes");
    }

    private ProducerRecord<byte[], byte[]> letter(byte[] key, byte[] value, Headers headers) {
        return form.letter(Original.of("facts", 3, 42, 1, key, value, headers), POISON);
    }

    private static String text(ProducerRecord<byte[], byte[]> letter, String name) {
        return Facts.text(letter.headers().lastHeader(name).value());
    }

    private static int bytes(ProducerRecord<byte[], byte[]> letter) {
        int sum = letter.key().length + letter.value().length;
        for (Header header : letter.headers()) {
            sum += header.key().length() + header.value().length;
        }
        return sum;
    }
}
