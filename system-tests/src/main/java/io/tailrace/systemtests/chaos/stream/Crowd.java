package io.tailrace.systemtests.chaos.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.chaos.schedule.Reader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All clients of a run. Thread-safe. */
public final class Crowd implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATCH_LIMIT = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI origin;
    private final List<StreamClient> clients = new ArrayList<>();

    /** Starts a client for each reader. */
    public Crowd(List<Reader> readers, String origin, Tokens tokens) {
        this.origin = URI.create(origin);
        FrameReading frames = new FrameReading();
        for (Reader reader : readers) {
            clients.add(new StreamClient(reader, this.origin, tokens, frames, this::patch));
        }
    }

    /** The clients, by their numbers. */
    public List<StreamClient> clients() {
        return clients;
    }

    private int patch(String connectionId, String token, Map<String, Object> body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(origin.resolve("/events/" + connectionId))
                .timeout(PATCH_LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Override
    public void close() throws InterruptedException, IOException {
        for (StreamClient client : clients) {
            client.close();
        }
        http.shutdownNow();
    }
}
