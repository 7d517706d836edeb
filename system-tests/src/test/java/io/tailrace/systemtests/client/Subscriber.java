package io.tailrace.systemtests.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.client.SseParser.SseEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Follows channels and keeps everything that arrived. When its connection ends it goes to the next of its origins with
 * its last id, for ever, as a browser would. Thread-safe.
 */
public final class Subscriber implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long RETRY_MS = 100;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> origins;
    private final String channels;
    private final String token;
    private final Thread thread;
    private final Map<String, List<Received>> byChannel = new HashMap<>();
    private final List<SseEvent> control = new ArrayList<>();
    private String lastEventId;
    private int connections;
    private volatile boolean closed;

    /**
     * An event that arrived.
     *
     * @param id its id, which is unique on its channel
     * @param type its type
     * @param data what it says
     */
    public record Received(String id, String type, JsonNode data) {}

    /**
     * Starts to follow.
     *
     * @param origins edges, tried in turn
     * @param token bearer token
     * @param lastEventId where to resume, or empty to start live
     * @param channels what to follow
     */
    public Subscriber(List<String> origins, String token, String lastEventId, List<String> channels) {
        this.origins = origins;
        this.token = token;
        this.lastEventId = lastEventId;
        this.channels = String.join(",", channels);
        this.thread = Thread.ofVirtual().start(this::follow);
    }

    /** The ids that arrived on a channel, in the order of their arrival. */
    public synchronized List<String> received(String channel) {
        return events(channel).stream().map(Received::id).toList();
    }

    /** The events that arrived on a channel, in the order of their arrival. */
    public synchronized List<Received> events(String channel) {
        return List.copyOf(byChannel.getOrDefault(channel, List.of()));
    }

    /** How many events arrived. */
    public synchronized int count() {
        return byChannel.values().stream().mapToInt(List::size).sum();
    }

    /** The types of the control events that arrived. */
    public synchronized List<String> controlTypes() {
        return control.stream().map(SseEvent::type).toList();
    }

    /** How many streams were opened. */
    public synchronized int connections() {
        return connections;
    }

    /** The position that a resume would name. */
    public synchronized String lastEventId() {
        return lastEventId;
    }

    private void follow() {
        for (int turn = 0; !closed; turn++) {
            try {
                stream(origins.get(turn % origins.size()));
            } catch (IOException | UncheckedIOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void stream(String origin) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(origin + "/events?channels=" + URLEncoder.encode(channels, StandardCharsets.UTF_8)))
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + token);
        String resumeAt = lastEventId();
        if (!resumeAt.isEmpty()) {
            request.header("Last-Event-ID", resumeAt);
        }
        HttpResponse<Stream<String>> response = http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException(origin + " answered " + response.statusCode());
            }
            SseParser parser = new SseParser(resumeAt, this::keep);
            lines.forEach(line -> {
                parser.line(line);
                moveTo(parser.lastEventId());
            });
        }
    }

    private synchronized void moveTo(String id) {
        lastEventId = id;
    }

    private synchronized void keep(SseEvent event) {
        if (event.type().startsWith("stream.")) {
            control.add(event);
            connections += event.type().equals("stream.open") ? 1 : 0;
            return;
        }
        try {
            JsonNode envelope = JSON.readTree(event.data());
            byChannel
                    .computeIfAbsent(envelope.path("channel").asText(), c -> new ArrayList<>())
                    .add(new Received(envelope.path("id").asText(), event.type(), envelope.path("data")));
        } catch (IOException e) {
            throw new UncheckedIOException("an event that is not JSON: " + event, e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        http.shutdownNow();
        thread.join();
    }
}
