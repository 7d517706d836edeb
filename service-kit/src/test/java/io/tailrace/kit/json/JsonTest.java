package io.tailrace.kit.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.event.UserRegistered;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final UUID ID = UUID.fromString("0190a0b0-0000-7000-8000-000000000001");

    @Test
    void payloadsAreSnakeCaseWithRfc3339Times() {
        var user = new UserRegistered(ID, "a@b.example", "Ada", null, Instant.parse("2026-01-01T00:00:00.120Z"));

        assertThat(new String(Json.write(user), UTF_8))
                .isEqualTo(
                        "{\"id\":\"0190a0b0-0000-7000-8000-000000000001\",\"email\":\"a@b.example\",\"name\":\"Ada\","
                                + "\"phone\":null,\"created_at\":\"2026-01-01T00:00:00.120Z\"}");
    }

    @Test
    void aPayloadSurvives() throws IOException {
        var reading = new MetricReadingCreated(ID, ID, 0.1, Instant.parse("2026-01-01T00:00:00Z"));

        assertThat(Json.read(Json.write(reading), MetricReadingCreated.class)).isEqualTo(reading);
    }

    @Test
    void aFieldOfANewerVersionIsIgnored() throws IOException {
        byte[] newer =
                "{\"id\":\"%s\",\"name\":\"cpu\",\"unit\":\"%%\"}".formatted(ID).getBytes(UTF_8);

        assertThat(Json.read(newer, io.tailrace.contracts.event.MetricCreated.class)
                        .name())
                .isEqualTo("cpu");
    }

    @Test
    void charactersBeyondTheFirstPlaneAreWrittenAsThemselves() {
        assertThat(new String(Json.oneLine(new TextNode("a🌍b")), UTF_8)).isEqualTo("\"a🌍b\"");
    }

    @Property(tries = 1_000)
    void anyTextIsOneLineOfUtf8AndSurvives(@ForAll String text) throws IOException {
        byte[] json = Json.oneLine(new TextNode(text));

        assertThat(json).doesNotContain((byte) '\n', (byte) '\r');
        assertThat(new String(json, UTF_8).getBytes(UTF_8)).isEqualTo(json);
        assertThat(Json.read(json, JsonNode.class).asText()).isEqualTo(text);
    }
}
