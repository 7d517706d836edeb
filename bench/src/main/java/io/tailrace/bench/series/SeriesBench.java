package io.tailrace.bench.series;

import io.tailrace.bench.report.Report;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.Stand;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Readings by HTTP, gRPC and remote-write in batches, the delay from a reading to its first point, over SSE and over {@code Watch} with a plain gRPC
 * server as its limit, and charts of 500 points; beside PostgreSQL that puts the
 * same readings into windows by {@code date_bin} in each query. Every reading that was accepted is counted in the end.
 */
@Command(name = "series", description = "Readings to windows, charts and answers, beside PostgreSQL's date_bin.")
public final class SeriesBench implements Callable<Integer> {
    private static final int DELAY_METRICS = 100;
    private static final int DELAY_PER_SECOND = 1_000;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(120);

    /** What is measured. */
    private enum Part {
        DELAY,
        WATCH,
        INGEST,
        QUERY
    }

    /** The ways in. */
    private enum Way {
        HTTP,
        GRPC,
        REMOTE_WRITE
    }

    @Option(names = "--ways", split = ",", description = "http, grpc, remote_write: not all ways in.")
    private Set<Way> ways = EnumSet.allOf(Way.class);

    @Option(names = "--quick", description = "Fewer readings, shorter rounds.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    @Option(names = "--only", split = ",", description = "delay, watch, ingest, query: not all of them.")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(
            names = "--readings",
            description = "How many are written by each way in; 1,000,000, or 100,000 with --quick.")
    private int readings;

    @Option(
            names = "--rate",
            description =
                    "How many readings per second each way in is sent, with the time at which they are sent; without"
                            + " it as many as are taken.")
    private int rate;

    @Option(names = "--history", description = "Over how many is queried; 10,000,000, or 500,000 with --quick.")
    private int history;

    @Spec
    private @Nullable CommandSpec spec;

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        if (rate < 0) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--rate is a number of readings per second, from 1 on.");
        }
        int batches = Math.max(1, (readings > 0 ? readings : quick ? 100_000 : 1_000_000) / ReadingSource.BATCH);
        int past = history > 0 ? history : quick ? 500_000 : 10_000_000;
        int seconds = quick ? 10 : 30;
        try (Stand stand = Stand.up("search,telemetry,demo-show");
                PlainRows plain = new PlainRows(stand)) {
            String token = stand.token("bench-writer");
            SeriesClient client = new SeriesClient(stand.origin(), token);
            if (only.contains(Part.DELAY)) {
                delay(client, stand.origin(), token, seconds);
            }
            if (only.contains(Part.WATCH)) {
                watch(client, stand.grpcTarget(), token, seconds);
            }
            if (only.contains(Part.INGEST)) {
                ingest(stand, client, token, plain, batches);
            }
            if (only.contains(Part.QUERY)) {
                query(client, plain, past, seconds);
            }
        }
        Report report = new Report("series", settings(batches * ReadingSource.BATCH, past, seconds), rows, figures);
        System.out.print(report.table());
        if (json) {
            System.out.println(report.json());
        }
        return 0;
    }

    private void delay(SeriesClient client, String origin, String token, int seconds) throws Exception {
        List<String> charts = client.metrics(DELAY_METRICS);
        var unused = PointDelay.measure(client, origin, token, charts, DELAY_PER_SECOND, quick ? 3 : 60);
        rows.add(Row.of(
                "reading to first point, " + DELAY_PER_SECOND + "/s",
                PointDelay.measure(client, origin, token, charts, DELAY_PER_SECOND, seconds)));
    }

    private void watch(SeriesClient client, String target, String token, int seconds) throws Exception {
        List<String> metrics = client.metrics(DELAY_METRICS);
        try (WayIn in = new GrpcWayIn(client, target, token, 1)) {
            var unused = WatchDelay.measure(in, target, token, metrics, DELAY_PER_SECOND, quick ? 3 : 60);
            WatchDelay.Delays delays = WatchDelay.measure(in, target, token, metrics, DELAY_PER_SECOND, seconds);
            rows.add(Row.of("reading to first point over Watch, " + DELAY_PER_SECOND + "/s", delays.later()));
            rows.add(Row.of(
                    "the same, in the first second after " + DELAY_METRICS + " calls were opened", delays.first()));
        }
        try (PlainWatch plain = new PlainWatch();
                WayIn in = new GrpcWayIn(client, plain.target(), token, 1)) {
            var unused = WatchDelay.measure(in, plain.target(), token, metrics, DELAY_PER_SECOND, quick ? 3 : 30);
            rows.add(Row.of(
                    "plain gRPC server, reading to client, " + DELAY_PER_SECOND + "/s",
                    WatchDelay.measure(in, plain.target(), token, metrics, DELAY_PER_SECOND, seconds)
                            .later()));
        }
    }

    private void query(SeriesClient client, PlainRows plain, int past, int seconds) throws Exception {
        String metric = client.metrics(1).getFirst();
        LongHistory day = LongHistory.before(Instant.now().truncatedTo(ChronoUnit.MINUTES), metric, past);
        long startNs = System.nanoTime();
        day.load(plain.connection());
        System.err.printf(Locale.ROOT, "loaded %,d readings in %.0f s%n", past, (System.nanoTime() - startNs) / 1e9);
        // From its first point on the copy has a position.
        client.add("[{\"metric_id\":\"" + metric + "\",\"value\":1}]", 1);
        client.awaitWindows(metric, LIMIT_NS);
        new ChartQueries(client, plain, day, rows, figures).measure(seconds);
    }

    private void ingest(Stand stand, SeriesClient client, String token, PlainRows plain, int batches) throws Exception {
        Ingest ingest = new Ingest(stand, client, plain, rows, figures);
        for (Way way : ways) {
            try (WayIn in =
                    switch (way) {
                        case HTTP -> new HttpWayIn(client);
                        case GRPC -> new GrpcWayIn(client, stand.grpcTarget(), token, Ingest.WRITERS);
                        case REMOTE_WRITE -> new RemoteWriteWayIn(client);
                    }) {
                ingest.measure(in, batches, rate);
            }
        }
    }

    private Map<String, Object> settings(int sent, int past, int seconds) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("quick", quick);
        settings.put(
                "measured",
                only.stream().map(part -> part.name().toLowerCase(Locale.ROOT)).toList());
        settings.put("readings", sent);
        settings.put("history", past);
        settings.put("metrics", ReadingSource.metricsFor(sent, rate));
        settings.put("readings_per_second", rate == 0 ? "as fast as they are taken" : rate);
        settings.put("delay_metrics", DELAY_METRICS);
        settings.put("seconds_per_round", seconds);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        return settings;
    }
}
