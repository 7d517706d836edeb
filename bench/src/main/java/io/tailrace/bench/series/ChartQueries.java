package io.tailrace.bench.series;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.PacedSender;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Charts of 500 points over millions of readings of one metric, beside the same windows by {@code date_bin}. */
final class ChartQueries {
    private static final int POINTS = 500;
    private static final int PER_SECOND = 25;
    private static final int WARM_UP = 200;
    private static final int PLAIN_ROUNDS = 5;
    private static final int ALL_POINTS = 10_000;
    private static final long SECONDS_PER_WINDOW = 60;
    private static final Duration SHORTEST_PART = Duration.ofMinutes(10);

    private final SeriesClient client;
    private final PlainRows plain;
    private final LongHistory history;
    private final List<Row> rows;
    private final Map<String, Double> figures;

    ChartQueries(
            SeriesClient client, PlainRows plain, LongHistory history, List<Row> rows, Map<String, Double> figures) {
        this.client = client;
        this.plain = plain;
        this.history = history;
        this.rows = rows;
        this.figures = figures;
    }

    /** Measures; fails if the windows of both are not of the same readings. */
    void measure(int seconds) throws Exception {
        requireAll();
        SplittableRandom random = new SplittableRandom(1);
        List<String> day = List.of(path(history.from(), history.to(), POINTS));
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            parts.add(part(random));
        }
        ours(day, WARM_UP);
        ours(parts, WARM_UP);
        Histogram whole = ours(day, PER_SECOND * seconds);
        Histogram some = ours(parts, PER_SECOND * seconds);
        Histogram theirs = theirs(true);
        Histogram cheaper = theirs(false);
        String readings = String.format(Locale.ROOT, "%,d", history.readings());
        rows.add(Row.of(POINTS + " points of " + readings + " readings", whole));
        rows.add(Row.of(POINTS + " points of a random part of them", some));
        rows.add(Row.of("date_bin over " + readings, theirs));
        rows.add(Row.of("date_bin without quantiles", cheaper));
        figures.put(POINTS + " points of " + readings + " readings, p95 (ms)", whole.getValueAtPercentile(95) / 1e6);
        figures.put(POINTS + " points of a random part of them, p95 (ms)", some.getValueAtPercentile(95) / 1e6);
        figures.put("date_bin p50 / ours p50", ratio(theirs, whole));
        figures.put("date_bin without quantiles p50 / ours p50", ratio(cheaper, whole));
    }

    private static double ratio(Histogram theirs, Histogram ours) {
        return theirs.getValueAtPercentile(50) / (double) ours.getValueAtPercentile(50);
    }

    private void requireAll() throws Exception {
        long counted = 0;
        JsonNode answer = client.series(
                history.metric(), path(history.from(), history.to(), ALL_POINTS) + "&resolution=1m&columns=t,count");
        for (JsonNode row : answer.path("rows")) {
            counted += row.get(1).asLong();
        }
        if (counted != history.readings()) {
            throw new IllegalStateException(counted + " readings are in the windows, expected " + history.readings());
        }
    }

    private static String path(Instant from, Instant to, int points) {
        return "from=" + from + "&to=" + to + "&max_points=" + points;
    }

    /** From ten minutes to the whole, short ones as often as long ones. */
    private String part(SplittableRandom random) {
        double wholeMs = Duration.between(history.from(), history.to()).toMillis();
        double share = Math.pow(SHORTEST_PART.toMillis() / wholeMs, random.nextDouble());
        long beginMs = (long) (random.nextDouble() * (1 - share) * wholeMs);
        Instant from = history.from().plusMillis(beginMs);
        return path(from, from.plus((long) (share * wholeMs), ChronoUnit.MILLIS), POINTS);
    }

    /** Open loop: a latency begins when the request was due. */
    private Histogram ours(List<String> paths, int count) throws Exception {
        Histogram latencies = new ConcurrentHistogram(3);
        List<CompletableFuture<Void>> answers = new ArrayList<>(count);
        PacedSender.run(
                PER_SECOND,
                count,
                dueNs -> answers.add(client.seriesSoon(history.metric(), paths.get(answers.size() % paths.size()))
                        .thenAccept(bytes -> latencies.recordValue(System.nanoTime() - dueNs))));
        for (CompletableFuture<Void> answer : answers) {
            answer.get(60, TimeUnit.SECONDS);
        }
        return latencies;
    }

    private Histogram theirs(boolean quantiles) throws Exception {
        Histogram latencies = new Histogram(3);
        for (int i = 0; i <= PLAIN_ROUNDS; i++) {
            long startNs = System.nanoTime();
            long counted = plain.windows(history.metric(), history.from(), history.to(), SECONDS_PER_WINDOW, quantiles);
            if (counted != history.readings()) {
                throw new IllegalStateException(counted + " readings are in the table, expected " + history.readings());
            }
            if (i > 0) {
                latencies.recordValue(System.nanoTime() - startNs);
            }
        }
        return latencies;
    }
}
