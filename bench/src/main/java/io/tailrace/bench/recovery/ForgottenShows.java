package io.tailrace.bench.recovery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Reads from the dispatcher's metrics how many shows it has forgotten since its process was started. */
final class ForgottenShows {
    /** Of every task; the tags after it name the task. */
    private static final String METRIC = "kafka_stream_seats_shows_forgotten_total{";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 2_000;

    private ForgottenShows() {}

    /**
     * Waits until the dispatcher has deleted the last entry of so many shows.
     *
     * @param origin where its metrics are
     * @throws IllegalStateException if it has not in time
     */
    static void await(String origin, int shows, long timeoutMs) throws IOException, InterruptedException {
        long startedNs = System.nanoTime();
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            long forgotten = count(http, origin);
            while (forgotten < shows) {
                if (System.nanoTime() - startedNs > TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
                    throw new IllegalStateException(String.format(
                            Locale.ROOT, "%d of %d shows were forgotten in %d ms", forgotten, shows, timeoutMs));
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                forgotten = count(http, origin);
            }
        }
    }

    private static long count(HttpClient http, String origin) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + "/prometheus"))
                .timeout(TIMEOUT)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + response.statusCode());
        }
        return (long) response.body()
                .lines()
                .filter(line -> line.startsWith(METRIC))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
