package io.tailrace.bench.seats;

import io.tailrace.bench.report.Row;
import io.tailrace.bench.seats.http.HttpPool;
import io.tailrace.bench.seats.rush.Load;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What a rush does to another show: a steady load on one, alone; beside 256 clients who fight for a show on another
 * partition; beside as many for a show on its own partition; and beside as many who ask the alternative in another process.
 * That last one is the share of the machine: whoever else works on it costs the steady load that much, too.
 */
final class Neighbours {
    private static final int STEADY_PER_SECOND = 100;
    private static final int ROWS = 200;
    private static final int SEATS_PER_ROW = 500;
    private static final int PARTITIONS = 6;
    private static final int MAX_SHOWS = 200;

    private final Hall hall;
    private final Arm tailrace;
    private final Arm alternative;
    private final long seed;
    private final Map<String, Histogram> latencies = new LinkedHashMap<>();
    private final Map<String, List<Double>> rushes = new LinkedHashMap<>();

    Neighbours(Hall hall, Arm tailrace, Arm alternative, long seed) {
        this.hall = hall;
        this.tailrace = tailrace;
        this.alternative = alternative;
        this.seed = seed;
    }

    /** All four cases, one after the other. */
    void round(int seconds, boolean counted) throws Exception {
        try (HttpPool quiet = new HttpPool(tailrace.origin(), Contest.CONNECTIONS);
                HttpPool crowd = new HttpPool(tailrace.origin(), Contest.CONNECTIONS);
                HttpPool elsewhere = new HttpPool(alternative.origin(), Contest.CONNECTIONS)) {
            UUID show = hall.show(tailrace, quiet, ROWS, SEATS_PER_ROW);
            UUID apart = showBeside(quiet, show, false);
            UUID together = showBeside(quiet, show, true);
            UUID other = hall.show(alternative, elsewhere, ROWS, SEATS_PER_ROW);
            steady("alone", load(tailrace, quiet, show), null, seconds, counted);
            steady(
                    "beside a rush elsewhere on the machine",
                    load(tailrace, quiet, show),
                    load(alternative, elsewhere, other),
                    seconds,
                    counted);
            steady(
                    "beside a rush on another partition",
                    load(tailrace, quiet, show),
                    load(tailrace, crowd, apart),
                    seconds,
                    counted);
            steady(
                    "beside a rush on its partition",
                    load(tailrace, quiet, show),
                    load(tailrace, crowd, together),
                    seconds,
                    counted);
        }
    }

    private void steady(String name, Load steady, @Nullable Load rush, int seconds, boolean counted) throws Exception {
        CompletableFuture<Double> rushed = rush == null
                ? CompletableFuture.completedFuture(0.0)
                : CompletableFuture.supplyAsync(() -> rush.closed(Contest.CONNECTIONS, seconds));
        steady.paced(STEADY_PER_SECOND, STEADY_PER_SECOND * seconds);
        double perSecond = rushed.get();
        if (counted) {
            latencies.computeIfAbsent(name, key -> new Histogram(3)).add(steady.latencies());
            rushes.computeIfAbsent(name, key -> new ArrayList<>()).add(perSecond);
        }
        System.err.printf(
                Locale.ROOT,
                "  %d/s %s: p50 %.1f ms, p99 %.1f ms, %d without a decision; rush %.0f/s%n",
                STEADY_PER_SECOND,
                name,
                Row.of("", steady.latencies()).p50Ms(),
                Row.of("", steady.latencies()).p99Ms(),
                steady.failed(),
                perSecond);
    }

    private Load load(Arm arm, HttpPool pool, UUID show) {
        return new Load(arm.requests(), pool, show, ROWS, SEATS_PER_ROW, hall.buyers(), seed);
    }

    private UUID showBeside(HttpPool pool, UUID show, boolean samePartition) throws Exception {
        for (int i = 0; i < MAX_SHOWS; i++) {
            UUID next = hall.show(tailrace, pool, ROWS, SEATS_PER_ROW);
            if (partition(next) == partition(show) == samePartition) {
                return next;
            }
        }
        throw new IllegalStateException(MAX_SHOWS + " shows, and none on the partition that is wanted");
    }

    /** As docs/protocol.md says: Kafka's own partitioning of the show's id. */
    private static int partition(UUID show) {
        return Utils.toPositive(Utils.murmur2(show.toString().getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    /** A row for each case. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        latencies.forEach((name, histogram) -> rows.add(Row.of(STEADY_PER_SECOND + "/s " + name, histogram)));
        return rows;
    }

    /** How fast the rushes went that were beside the steady load, decisions in a second. */
    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        rushes.forEach((name, list) -> figures.put(
                "decisions/s of the rush, " + name,
                list.stream().mapToDouble(Double::doubleValue).average().orElse(0)));
        figures.remove("decisions/s of the rush, alone");
        return figures;
    }
}
