package io.tailrace.systemtests.fuzz.check;

import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Publisher;
import io.tailrace.systemtests.client.SseParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who behaves, while others do not: writes events and reads them on one stream, which nothing may cut, and of which
 * nothing may be missing. Whoever starts it closes it.
 */
public final class Canary implements AutoCloseable {
    private static final int PER_SECOND = 10;
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
    private static final Duration ARRIVAL_LIMIT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> received = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final String channel;
    private final Publisher publisher;
    private String connectionId = "";
    private boolean open;
    private volatile boolean closing;

    private Canary(String origin, String token, String channel) throws IOException, InterruptedException {
        this.channel = channel;
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + "/events?channels=" + channel))
                .header("Authorization", "Bearer " + token)
                .build();
        Thread.ofVirtual().start(() -> read(request));
        long deadline = System.nanoTime() + OPEN_LIMIT.toNanos();
        while (!isOpen()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the stream of " + channel + " does not open: " + faults);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        publisher = Publisher.onChannel(new Api(origin, token), channel, PER_SECOND);
    }

    /** Opens a stream and begins to write to its channel. */
    public static Canary open(String origin, String token, String channel) throws IOException, InterruptedException {
        return new Canary(origin, token, channel);
    }

    /** The id of its stream. */
    public synchronized String connectionId() {
        return connectionId;
    }

    /** Ends the writing and says what is wrong, when everything has come or should have. */
    public List<String> verdict() throws InterruptedException {
        List<String> written;
        try {
            written = publisher.stop();
        } catch (IllegalStateException e) {
            return List.of(channel + ": a write failed: " + e.getCause());
        }
        long deadline = System.nanoTime() + ARRIVAL_LIMIT.toNanos();
        while (count() < written.size() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        synchronized (this) {
            List<String> wrong = new ArrayList<>(faults);
            if (!received.equals(written)) {
                wrong.add(channel + ": " + written.size() + " events were written, and " + received.size()
                        + " received, not the same in the same order");
            }
            return wrong;
        }
    }

    /** How many events have come. */
    public synchronized int count() {
        return received.size();
    }

    private synchronized boolean isOpen() {
        return open;
    }

    private void read(HttpRequest request) {
        SseParser parser = new SseParser("", this::take);
        try {
            HttpResponse<java.io.InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    parser.line(line);
                }
            }
            ended("ended with status " + response.statusCode());
        } catch (IOException | InterruptedException e) {
            ended(e.toString());
        }
    }

    private synchronized void take(SseParser.SseEvent event) {
        switch (event.type()) {
            case "stream.open" -> {
                open = true;
                connectionId = event.data().replaceAll("(?s).*\"connection_id\":\"([^\"]+)\".*", "$1");
            }
            case "stream.caught_up" -> {}
            case "counted" -> received.add(event.data().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1"));
            default -> faults.add(channel + ": " + event.type() + " " + event.data());
        }
    }

    private synchronized void ended(String how) {
        if (!closing) {
            faults.add(channel + ": its stream was cut: " + how);
        }
    }

    @Override
    public void close() {
        closing = true;
        http.shutdownNow();
    }
}
