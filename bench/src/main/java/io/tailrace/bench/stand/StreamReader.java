package io.tailrace.bench.stand;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One subscriber: reads a stream on a virtual thread of its own and hands on each {@code data:} line as it comes. */
public final class StreamReader implements AutoCloseable {
    private final HttpClient http;
    private final Thread thread;
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * Starts to follow.
     *
     * @param http shared by all readers
     * @param uri the stream
     * @param token bearer token
     * @param onData takes the data of each event that is no control event, on the reader's thread
     */
    public StreamReader(HttpClient http, URI uri, String token, Consumer<String> onData) {
        this.http = http;
        this.thread = Thread.ofVirtual().start(() -> follow(uri, token, onData));
    }

    /** Waits until the stream has said that it is open. */
    public void awaitOpen() throws InterruptedException {
        open.await();
    }

    private void follow(URI uri, String token, Consumer<String> onData) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .build();
        try {
            HttpResponse<java.io.InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answered " + response.statusCode());
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                read(lines, onData);
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(BufferedReader lines, Consumer<String> onData) throws IOException {
        String line;
        boolean control = false;
        while ((line = lines.readLine()) != null) {
            if (line.startsWith("event: ")) {
                control = line.startsWith("event: stream.");
                if (line.equals("event: stream.open")) {
                    open.countDown();
                }
            } else if (line.startsWith("data: ") && !control) {
                onData.accept(line.substring("data: ".length()));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
