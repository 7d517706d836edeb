package io.tailrace.edge.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Pages of a channel's events, read without a token. */
public final class HistoryPages {
    private HistoryPages() {}

    /** A page that the edge answers with 200. */
    public static JsonNode page(RunningEdge edge, String channel, String query)
            throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + edge.port() + "/channels/" + channel + "/events?" + query);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode())
                    .as(() -> new String(answer.body(), UTF_8))
                    .isEqualTo(200);
            return Json.mapper().readTree(answer.body());
        }
    }

    /** The numbers of the events, in the page's order. */
    public static List<Integer> numbers(JsonNode page) {
        return numbers(events(page));
    }

    /** The numbers of the events of one type, in the page's order. */
    public static List<Integer> numbers(JsonNode page, String type) {
        return numbers(events(page).filter(event -> event.get("event").asText().equals(type)));
    }

    private static Stream<JsonNode> events(JsonNode page) {
        return StreamSupport.stream(page.get("events").spliterator(), false);
    }

    private static List<Integer> numbers(Stream<JsonNode> events) {
        return events.map(event -> event.get("data").get("data").get("n").asInt())
                .toList();
    }
}
