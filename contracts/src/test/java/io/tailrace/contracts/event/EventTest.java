package io.tailrace.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
    private static final Instant TIME = Instant.parse("2026-01-05T09:00:00.123Z");
    private static final byte[] DATA = "{}".getBytes(StandardCharsets.UTF_8);

    @Test
    void itsAttributesAreTheHeadersOfCloudEventsBinaryMode() {
        Event event = new Event("1", "post_published", "/tailrace/ingest-api", TIME, "42", DATA);

        assertThat(event.headers())
                .extracting(h -> h.name() + "=" + new String(h.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder(
                        "ce_specversion=1.0",
                        "ce_id=1",
                        "ce_type=post_published",
                        "ce_source=/tailrace/ingest-api",
                        "ce_time=2026-01-05T09:00:00.123Z",
                        "ce_subject=42",
                        "content-type=application/json");
    }

    @Test
    void anEventAboutNothingHasNoSubject() {
        Event event = new Event("1", "tick", "/clock", TIME, null, DATA);

        assertThat(event.headers()).extracting(Event.Header::name).doesNotContain("ce_subject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "post_published", "com.example.order:v2", "A-1", "stream.open"})
    void aTypeOfTheGrammarIsAccepted(String type) {
        assertThat(EventTypes.isValid(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "_a", ".a", "a b", "a\n", "a\r\nid: 1", "a\u0000", "é", "a/b", "a\"b"})
    void anyOtherTypeIsRefusedBecauseItWouldBreakAFrame(String type) {
        assertThat(EventTypes.isValid(type)).isFalse();
    }

    @Test
    void aTypeHasAtMost128Characters() {
        assertThat(EventTypes.isValid("a".repeat(128))).isTrue();
        assertThat(EventTypes.isValid("a".repeat(129))).isFalse();
    }

    @Test
    void onlyTheEdgeSpeaksOfStreams() {
        assertThat(EventTypes.isReserved("stream.open")).isTrue();
        assertThat(EventTypes.isReserved("stream.")).isTrue();
        assertThat(EventTypes.isReserved("streams.open")).isFalse();
        assertThat(EventTypes.isReserved("stream")).isFalse();
    }

    @Test
    void typesOfAnEventSourcesOwnEventsAreReserved() {
        assertThat(EventTypes.isReserved("error")).isTrue();
        assertThat(EventTypes.isReserved("open")).isTrue();
        assertThat(EventTypes.isReserved("message")).isTrue();
        assertThat(EventTypes.isReserved("Error")).isFalse();
        assertThat(EventTypes.isReserved("errors")).isFalse();
    }
}
