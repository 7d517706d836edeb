package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.systemtests.SeriesWalk.State;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.WatchedChart;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.Ports;
import io.tailrace.systemtests.platform.ServiceProcess;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same as {@link SeriesTest} over gRPC: one call has the history and what comes, and goes on after each cut. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class SeriesWatchTest {
    private static final int JOINS = Integer.getInteger("tailrace.series.joins", 10);
    private static final int JOINS_PER_ROUND = 20;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long SEED = 22;
    private static final List<ManagedChannel> CONNECTIONS = new ArrayList<>();

    private static Platform platform;
    private static Api api;
    private static ManagedChannel connection;

    @BeforeAll
    static void connect(Platform shared) throws Exception {
        platform = shared;
        api = new Api(shared.origin(), shared.token("sam"));
        connection = connect(shared.grpcPort());
    }

    @AfterAll
    static void disconnect() {
        CONNECTIONS.forEach(ManagedChannel::shutdownNow);
    }

    private static ManagedChannel connect(int port) {
        ManagedChannel made =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        CONNECTIONS.add(made);
        return made;
    }

    @Test
    void a_watch_that_is_opened_and_cut_at_any_moment_has_every_window_once_with_all_of_its_readings()
            throws Exception {
        SeriesWalk walk = new SeriesWalk(api, metric(), new SplittableRandom(SEED));
        SplittableRandom cuts = new SplittableRandom(SEED);
        for (int joined = 0; joined < JOINS; joined += JOINS_PER_ROUND) {
            round(walk, Math.min(JOINS_PER_ROUND, JOINS - joined), cuts);
        }
    }

    @Test
    void a_watch_whose_edge_is_killed_goes_on_over_another_one_with_the_late_readings_that_came_meanwhile()
            throws Exception {
        // given an edge that runs alone, and a watch over it
        int port = Ports.free();
        ServiceProcess edge = platform.service(
                "sse-edge",
                Map.of(
                        "TAILRACE_GRPC_PORT",
                        String.valueOf(port),
                        "TAILRACE_EDGE_WATCH_TARGET",
                        "127.0.0.1:" + platform.grpcPort()));
        edge.start(LIMIT);
        String metric = metric();
        Instant base = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(30);
        Map<String, State> expected = new TreeMap<>();
        add(metric, base, 3, expected);
        add(metric, base.plusSeconds(1), 5, expected);
        try (WatchedChart chart = chart(metric, "1s", base, connect(port))) {
            await(chart, expected);
            add(metric, base.plusSeconds(2), 7, expected);
            await(chart, expected);
            String epoch = chart.epoch();

            // when the edge is killed, and readings come that are late and that are not
            edge.kill9();
            add(metric, base, 11, expected);
            add(metric, base.plusSeconds(1), 2, expected);
            add(metric, base.plusSeconds(4), 13, expected);
            chart.goOn(connection);

            // then
            await(chart, expected);
            assertThat(chart.epoch())
                    .as("the numbers are those of the same sequence")
                    .isEqualTo(epoch);
            assertThat(chart.wasResumed()).isTrue();
            add(metric, base.plusSeconds(2), 17, expected);
            await(chart, expected);
        }
    }

    @Test
    void what_cannot_be_watched_is_refused() throws Exception {
        String metric = metric();
        WatchRequest.Builder decade = WatchRequest.newBuilder()
                .setMetricId(metric)
                .setResolution("1s")
                .setFrom(time(Instant.now().minus(3_650, ChronoUnit.DAYS)));
        WatchRequest.Builder unknown =
                WatchRequest.newBuilder().setMetricId(UUID.randomUUID().toString());

        // An unknown metric is only called so when the copy has everything that is in the log.
        eventually(
                "it is not found",
                LIMIT,
                () -> WatchedChart.refusal(connection, unknown.build(), LIMIT).getCode() == Status.Code.NOT_FOUND);
        assertThat(WatchedChart.refusal(connection, decade.build(), LIMIT).getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    private static void round(SeriesWalk walk, int joins, SplittableRandom cuts) throws Exception {
        List<WatchedChart> charts = new ArrayList<>();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> writing =
                    clock.scheduleAtFixedRate(walk::addBatch, 0, SeriesWalk.BATCH_INTERVAL_MS, TimeUnit.MILLISECONDS);
            for (int i = 0; i < joins; i++) {
                Executor later = CompletableFuture.delayedExecutor(walk.pauseMs(), TimeUnit.MILLISECONDS);
                CompletableFuture.runAsync(() -> {}, later).get();
                charts.add(chart(
                        walk.metric(), i % 2 == 0 ? "1s" : "10s", walk.base().minusSeconds(60), connection));
                // Some are cut before they have anything, some in their history, some behind it.
                charts.get(cuts.nextInt(charts.size())).goOn(connection);
            }
            assertThat(writing.cancel(false)).as("no batch has failed").isTrue();
            clock.submit(() -> {}).get();

            for (WatchedChart chart : charts) {
                await(chart, chart.resolution().equals("1s") ? walk.seconds() : walk.tens());
            }
        } finally {
            clock.shutdownNow();
            charts.forEach(WatchedChart::close);
        }
    }

    private static WatchedChart chart(String metric, String resolution, Instant from, ManagedChannel over) {
        WatchedChart chart = new WatchedChart(WatchRequest.newBuilder()
                .setMetricId(metric)
                .setResolution(resolution)
                .setFrom(time(from))
                .setTo(time(from.plusSeconds(3_600)))
                .setMaxPoints(10_000)
                .build());
        chart.goOn(over);
        return chart;
    }

    private static void await(WatchedChart chart, Map<String, State> expected) throws Exception {
        try {
            eventually("all windows", LIMIT, () -> {
                chart.comeBack();
                assertThat(chart.faults()).isEmpty();
                return states(chart).equals(expected);
            });
        } catch (AssertionError e) {
            throw new AssertionError("expected " + expected + ", but " + chart, e);
        }
    }

    private static Map<String, State> states(WatchedChart chart) {
        Map<String, State> states = new TreeMap<>();
        chart.shown()
                .forEach((t, point) ->
                        states.put(t, new State(point.getCount(), point.getSum(), point.getMin(), point.getMax())));
        return states;
    }

    private static void add(String metric, Instant at, double value, Map<String, State> expected)
            throws IOException, InterruptedException {
        Map<String, ?> reading = Map.of("metric_id", metric, "value", value, "timestamp", at.toString());
        JsonNode answer = api.mustWrite("POST", "/metrics/readings", List.of(reading));
        assertThat(answer.path("accepted").asInt()).isEqualTo(1);
        expected.merge(at.toString(), State.NONE.with(value), (before, one) -> before.with(value));
    }

    private static String metric() throws IOException, InterruptedException {
        return api.mustWrite("POST", "/metrics", Map.of("name", "watched walk", "unit", "m"))
                .path("id")
                .asText();
    }

    private static Timestamp time(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).build();
    }
}
