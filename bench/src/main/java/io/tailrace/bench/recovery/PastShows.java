package io.tailrace.bench.recovery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Reads from the dispatcher's metrics what it has done with past shows since its process was started. */
final class PastShows {
    /** Shows of which only reservations are left. */
    static final String ENDED = "kafka_stream_seats_shows_ended_total";

    /** Shows of which nothing is left. */
    static final String FORGOTTEN = "kafka_stream_seats_shows_forgotten_total";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 2_000;

    private PastShows() {}

    /**
     * Waits until a metric of the dispatcher has counted so many shows, over all of its tasks.
     *
     * @param origin where its metrics are
     * @param metric its name
     * @throws IllegalStateException if it has not in time
     */
    static void await(String origin, String metric, int shows, long timeoutMs)
            throws IOException, InterruptedException {
        long startedNs = System.nanoTime();
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            long counted = count(http, origin, metric);
            while (counted < shows) {
                if (System.nanoTime() - startedNs > TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
                    throw new IllegalStateException(String.format(
                            Locale.ROOT, "%s is %d after %d ms, expected %d", metric, counted, timeoutMs, shows));
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                counted = count(http, origin, metric);
            }
        }
    }

    private static long count(HttpClient http, String origin, String metric) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + "/prometheus"))
                .timeout(TIMEOUT)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + response.statusCode());
        }
        return (long) response.body()
                .lines()
                .filter(line -> line.startsWith(metric + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
