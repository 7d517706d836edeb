package io.tailrace.workers.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.workers.answer.SseDecoder.SseEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {
    private static final String STREAM = "\uFEFF: hello\n\n"
            + "event: a\n"
            + "data: {\"text\": \"\u0436 \u4e16 \ud83d\ude00\"}\n\n"
            + "id: 7\n"
            + "data:no space\n"
            + "data\n"
            + "data:  two\n\n\n"
            + "retry: 3\n\n"
            + "event: lost\n\n"
            + "data: last\n\n";

    private static final List<SseEvent> EVENTS = List.of(
            new SseEvent("a", "{\"text\": \"\u0436 \u4e16 \ud83d\ude00\"}"),
            new SseEvent("", "no space\n\n two"),
            new SseEvent("", "last"));

    private static List<SseEvent> decoded(byte[] stream, int chunk) throws MalformedAnswerException {
        SseDecoder decoder = new SseDecoder();
        List<SseEvent> events = new ArrayList<>();
        for (int from = 0; from < stream.length; from += chunk) {
            byte[] part = Arrays.copyOfRange(stream, from, Math.min(stream.length, from + chunk));
            decoder.read(part, part.length, events::add);
        }
        return events;
    }

    @Test
    void eventsAreTheSameWhereverTheirBytesAreCut() throws MalformedAnswerException {
        byte[] stream = STREAM.getBytes(UTF_8);
        for (int chunk = 1; chunk <= stream.length; chunk++) {
            assertThat(decoded(stream, chunk)).as("chunks of %d bytes", chunk).isEqualTo(EVENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\r\n"})
    void linesMayEndOtherwise(String end) throws MalformedAnswerException {
        byte[] stream = STREAM.replace("\n", end).getBytes(UTF_8);
        for (int chunk = 1; chunk <= stream.length; chunk++) {
            assertThat(decoded(stream, chunk)).as("chunks of %d bytes", chunk).isEqualTo(EVENTS);
        }
    }

    @Test
    void anEventThatIsNotEndedIsNone() throws MalformedAnswerException {
        assertThat(decoded("data: a\n".getBytes(UTF_8), 100)).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() {
        byte[] stream = {'d', 'a', 't', 'a', ':', (byte) 0xC3, '\n', '\n'};

        assertThatThrownBy(() -> decoded(stream, 3))
                .isInstanceOf(MalformedAnswerException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aLineAndAnEventAreBounded() {
        String half = "data: " + "x".repeat(SseDecoder.MOST / 2) + "\n";

        assertThatThrownBy(() -> decoded(("data: " + "x".repeat(SseDecoder.MOST)).getBytes(UTF_8), 8_192))
                .isInstanceOf(MalformedAnswerException.class)
                .hasMessageContaining("a line");
        assertThatThrownBy(() -> decoded((half + half + half).getBytes(UTF_8), 8_192))
                .isInstanceOf(MalformedAnswerException.class)
                .hasMessageContaining("an event");
    }
}
