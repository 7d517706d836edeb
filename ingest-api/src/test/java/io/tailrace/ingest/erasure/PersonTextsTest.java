package io.tailrace.ingest.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PersonTextsTest {
    private static final UUID PERSON = UUID.fromString("0b5c1a52-6d0f-4c59-9a53-5b9f4cde1f00");
    private static final String REGISTRATION =
            "{\"email\": \"ada@example.org\", \"name\": \"Ada \\\"L\\\"\", \"phone\": \"+493012345678\"}";

    private final PersonTexts texts = new PersonTexts(PERSON);

    @Test
    void what_was_kept_finds_the_same_as_the_registration() {
        texts.learn(utf8(REGISTRATION));
        PersonTexts later = new PersonTexts(PERSON);

        later.recall(texts.inJson());

        assertThat(later.addressesInJson())
                .isEqualTo(texts.addressesInJson())
                .containsExactly("ada@example.org", "+493012345678", "\"Ada \\\"L\\\"\"");
        assertThat(later.inJson()).isEqualTo(texts.inJson());
        assertThat(later.areIn(record("{\"to\": \"ada@example.org\"}"))).isTrue();
        assertThat(later.areIn(record("{\"name\": \"Ada \\\"L\\\"\"}"))).isTrue();
        assertThat(later.areIn(record("{\"to\": \"eve@example.org\"}"))).isFalse();
        assertThat(later.areAskedFor("030 12345678")).isTrue();
    }

    @Test
    void another_registration_is_learnt_beside_what_was_kept() {
        texts.recall("{\"addresses\": [\"before@example.org\"]}");

        texts.learn(utf8(REGISTRATION));

        assertThat(texts.addressesInJson()).contains("before@example.org", "ada@example.org");
    }

    @Test
    void of_nobody_nothing_is_known() {
        assertThat(texts.addressesInJson()).isEmpty();
        texts.recall(new PersonTexts(PERSON).inJson());
        assertThat(texts.addressesInJson()).isEmpty();
    }

    @Test
    void what_cannot_be_read_is_an_error_that_does_not_tell_it() {
        assertThatThrownBy(() -> texts.recall("[\"ada@example.org\""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be read")
                .hasMessageNotContaining("ada")
                .hasNoCause();
    }

    private static ConsumerRecord<byte[], byte[]> record(String value) {
        return new ConsumerRecord<>("topic", 0, 0, utf8("key"), utf8(value));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
