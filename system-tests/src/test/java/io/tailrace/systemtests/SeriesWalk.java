package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.client.Api;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Readings at random, and what their windows have to be. Batches are added by one thread at a time, and what came of them is read when there are no more. */
final class SeriesWalk {
    static final long BATCH_INTERVAL_MS = 100;
    private static final int READINGS_PER_BATCH = 100;
    private static final long LATEST_MS = 30_000;
    private static final long LONGEST_PAUSE_MS = 100;

    private final Api api;
    private final String metric;
    private final Instant base = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Map<String, State> seconds = new TreeMap<>();
    private final Map<String, State> tens = new TreeMap<>();
    private final SplittableRandom readings;
    private final SplittableRandom pauses;

    SeriesWalk(Api api, String metric, SplittableRandom random) {
        this.api = api;
        this.metric = metric;
        this.readings = random.split();
        this.pauses = random.split();
    }

    /** A window, as far as it can be computed from the readings in whatever order. */
    record State(long count, double sum, double min, double max) {
        static final State NONE = new State(0, 0, Double.POSITIVE_INFINITY, 0);

        State with(double value) {
            return new State(count + 1, sum + value, Math.min(min, value), Math.max(max, value));
        }

        static State of(JsonNode count, JsonNode sum, JsonNode min, JsonNode max) {
            return new State(count.asLong(), sum.asDouble(), min.asDouble(), max.asDouble());
        }
    }

    String metric() {
        return metric;
    }

    /** No reading is more than half a minute older. */
    Instant base() {
        return base;
    }

    /** The windows of a second, by when they begin. */
    Map<String, State> seconds() {
        return seconds;
    }

    /** The windows of ten seconds. */
    Map<String, State> tens() {
        return tens;
    }

    long pauseMs() {
        return pauses.nextLong(LONGEST_PAUSE_MS);
    }

    void addBatch() {
        Instant now = Instant.now();
        List<Map<String, Object>> batch = new ArrayList<>();
        for (int i = 0; i < READINGS_PER_BATCH; i++) {
            // Half of them are late, so that many windows change long after their first value.
            Instant at = now.minusMillis(readings.nextLong(i % 2 == 0 ? BATCH_INTERVAL_MS : LATEST_MS));
            double value = 1 + readings.nextInt(1_000);
            batch.add(Map.of("metric_id", metric, "value", value, "timestamp", at.toString()));
            count(seconds, at, 1, value);
            count(tens, at, 10, value);
        }
        try {
            JsonNode answer = api.mustWrite("POST", "/metrics/readings", batch);
            assertThat(answer.path("accepted").asInt()).isEqualTo(READINGS_PER_BATCH);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("a batch was not added", e);
        }
    }

    private static void count(Map<String, State> windows, Instant at, long seconds, double value) {
        String t = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds)
                .toString();
        windows.put(t, windows.getOrDefault(t, State.NONE).with(value));
    }
}
