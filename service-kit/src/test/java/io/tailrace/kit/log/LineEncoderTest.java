package io.tailrace.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineEncoderTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void json_has_a_name_for_everything_on_one_line() throws IOException {
        // given
        LoggingEvent event = event("two\nlines", new IllegalStateException("why\nnot"));
        event.setMDCPropertyMap(Map.of("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"));
        event.addKeyValuePair(new KeyValuePair("connection_id", "c-1"));
        context.putProperty("service", "sse-edge");

        // when
        String line = line("JSON", event);

        // then
        assertThat(line).endsWith("\n").containsOnlyOnce("\n");
        JsonNode read = Json.mapper().readTree(line);
        assertThat(read.path("timestamp").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(read.path("level").asText()).isEqualTo("WARN");
        assertThat(read.path("logger").asText()).isEqualTo("io.tailrace.some.Part");
        assertThat(read.path("message").asText()).isEqualTo("two\nlines");
        assertThat(read.path("service").asText()).isEqualTo("sse-edge");
        assertThat(read.path("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(read.path("connection_id").asText()).isEqualTo("c-1");
        assertThat(read.path("exception").asText()).contains("IllegalStateException", "why\nnot", "LineEncoderTest");
        assertThat(read.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "timestamp",
                        "level",
                        "logger",
                        "thread",
                        "message",
                        "service",
                        "trace_id",
                        "connection_id",
                        "exception");
    }

    @Test
    void text_is_the_default_and_what_a_format_that_nobody_knows_becomes_with_a_word_about_it() {
        assertThat(line("text", event("hello", null))).isEqualTo("2026-01-02T03:04:05.678Z WARN  [main] Part: hello\n");
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getLevel() > Status.INFO);

        assertThat(line("xml", event("hello", null))).endsWith("Part: hello\n");
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .extracting(Object::toString)
                .anyMatch(status -> status.contains("TAILRACE_LOG_FORMAT is \"xml\", expected text or json"));
    }

    private String line(String format, LoggingEvent event) {
        LineEncoder encoder = new LineEncoder();
        encoder.setContext(context);
        encoder.setFormat(format);
        encoder.start();
        try {
            return new String(encoder.encode(event), StandardCharsets.UTF_8);
        } finally {
            encoder.stop();
        }
    }

    private LoggingEvent event(String message, @Nullable Throwable fault) {
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.tailrace.some.Part"), Level.WARN, message, fault, new Object[0]);
        event.setThreadName("main");
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        return event;
    }
}
