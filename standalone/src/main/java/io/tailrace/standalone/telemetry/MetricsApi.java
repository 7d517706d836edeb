package io.tailrace.standalone.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics part of the public write API, as one client uses it. Not thread-safe. */
final class MetricsApi implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int CREATED = 201;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final URI origin;
    private final Supplier<String> token;

    MetricsApi(URI origin, Supplier<String> token) {
        this.origin = origin;
        this.token = token;
    }

    /** Creates a metric and gives its id. */
    String create(String name) throws IOException, InterruptedException {
        return post("/metrics", Map.of("name", name)).path("id").asText();
    }

    /** Publishes a reading. */
    void publish(String metricId, double value, Instant at) throws IOException, InterruptedException {
        post("/metrics/readings", Map.of("metric_id", metricId, "value", value, "timestamp", at.toString()));
    }

    private JsonNode post(String path, Map<String, Object> body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(origin.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token.get())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != CREATED) {
            throw new IOException("POST " + path + " was answered with " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
