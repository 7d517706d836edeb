package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.edge.stream.LoopStats;
import io.tailrace.edge.testing.GrpcClients;
import io.tailrace.edge.testing.PlayedSeries;
import io.tailrace.edge.testing.QueryStandIn;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SeriesPoints;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.WatchClient;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import io.tailrace.grpc.series.v1.WatchResponse.EventCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Watches of a real edge with a real log, whose histories come from a stand-in. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchTest {
    /** How many clients join while points come in. */
    private static final int JOINS = Integer.getInteger("tailrace.series.joins", 20);

    /** How many calls there are of which some don't read. */
    private static final int STREAMS = Integer.getInteger("tailrace.watch.streams", 100);

    private static final int UNREAD = Integer.getInteger("tailrace.watch.unread", 5);

    /** When the series begin: lately, because ranges of many windows are refused. */
    static final long BASE_MS = (System.currentTimeMillis() / 1_000 - 600) * 1_000;

    private static final int WINDOWS = 60;

    private final QueryStandIn queries = QueryStandIn.start();
    private final RunningEdge edge = RunningEdge.start(Map.of(
            "tailrace.grpc.enabled",
            true,
            "tailrace.edge.max-connections-per-address",
            0,
            "tailrace.edge.stream.stall-timeout",
            "20m",
            "tailrace.edge.watch.target",
            queries.target()));
    private final ManagedChannel connection = GrpcClients.connect(edge);

    @AfterAll
    void stop() {
        connection.shutdownNow();
        edge.close();
        queries.close();
    }

    /** A client that is cut again and again, and comes back with its last cursor. */
    private final class Chart {
        private final PlayedSeries series;
        private final SplittableRandom random;
        private final Map<Long, Long> shown = new TreeMap<>();
        private String cursor = "";
        private long sequence;

        Chart(PlayedSeries series, SplittableRandom random) {
            this.series = series;
            this.random = random;
        }

        private WatchRequest request() {
            return history(series).setCursor(cursor).build();
        }

        void takeSome() {
            try (WatchClient client = WatchClient.connect(connection, request(), CallOptions.DEFAULT, null)) {
                show(client.take(1 + random.nextInt(20)));
            }
        }

        void takeAll() {
            try (WatchClient client = WatchClient.open(connection, request())) {
                Map<Long, Long> before = new TreeMap<>(shown);
                client.await("all windows are shown", received -> {
                    Map<Long, Long> now = new TreeMap<>(before);
                    now.putAll(shown(received));
                    return now.equals(series.windows());
                });
                show(client.received());
            }
        }

        private void show(List<WatchResponse> received) {
            for (WatchResponse response : received) {
                assertThat(response.getSequence()).isEqualTo(sequence + 1);
                assertThat(response.hasGap()).isFalse();
                sequence = response.getSequence();
                cursor = response.getCursor();
                if (isWindow(response)) {
                    Point point = response.getPoint();
                    Long before = shown.put(SeriesPoints.timeMs(point), point.getCount());
                    assertThat(point.getCount()).isGreaterThan(before == null ? 0 : before);
                }
            }
        }
    }

    @Test
    void aHistoryThatIsJoinedAtAnyMomentLacksNothingAndRepeatsNothing() throws Exception {
        PlayedSeries series = queries.series();
        SplittableRandom random = new SplittableRandom(21);
        change(series, random.split(), 50);
        List<Chart> charts = new ArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            SplittableRandom changes = random.split();
            Future<?> writing = executor.submit(() -> {
                while (!enough.get()) {
                    change(series, changes, 5);
                }
            });
            for (int i = 0; i < JOINS; i++) {
                Chart chart = new Chart(series, random.split());
                charts.add(chart);
                for (int cuts = random.nextInt(4); cuts > 0; cuts--) {
                    chart.takeSome();
                }
            }
            enough.set(true);
            writing.get(60, TimeUnit.SECONDS);
        } finally {
            enough.set(true);
            executor.shutdown();
        }

        charts.forEach(Chart::takeAll);

        assertThat(charts).allSatisfy(chart -> assertThat(chart.shown).isEqualTo(series.windows()));
    }

    @Test
    void oneThatComesBackTwentyTimesGoesOnWhereItWas() {
        PlayedSeries series = queries.series();
        series.add(BASE_MS, 1);
        series.copyAll();
        Chart chart = new Chart(series, new SplittableRandom(1));
        chart.takeAll();
        for (int i = 1; i <= 20; i++) {
            series.add(BASE_MS + 1_000L * (i % 5), 1);
            chart.takeAll();
        }

        assertThat(chart.shown).isEqualTo(series.windows());
        // Twenty-one starts, and a point each.
        assertThat(chart.sequence).isGreaterThanOrEqualTo(42);
    }

    @Test
    void startsWithTheMetricAndEndsItsRangeWithOk() {
        PlayedSeries series = queries.series();
        series.add(BASE_MS, 2);
        series.add(BASE_MS + 5_000, 1);
        series.add(BASE_MS + 9_000, 1);
        series.copyAll();

        WatchClient client = WatchClient.open(
                connection,
                history(series).setTo(SeriesPoints.time(BASE_MS + 9_000)).build());

        assertThat(client.status().isOk()).isTrue();
        List<WatchResponse> received = client.received();
        assertThat(received)
                .extracting(WatchResponse::getEventCase)
                .containsExactly(
                        EventCase.STARTED, EventCase.POINT, EventCase.POINT, EventCase.POINT, EventCase.CAUGHT_UP);
        assertThat(received.getFirst().getStarted().getMetric().getUnit()).isEqualTo("m");
        assertThat(received.getFirst().getStarted().getChannel()).isEqualTo(series.channel());
        assertThat(received.get(2).getPoint())
                .as("a gap")
                .isEqualTo(Point.newBuilder()
                        .setTime(SeriesPoints.time(BASE_MS + 1_000))
                        .build());
    }

    @Test
    void withoutHistoryOnlyWhatComesIsTold() {
        PlayedSeries series = queries.series();
        series.add(BASE_MS, 2);
        series.copyAll();
        WatchClient client = WatchClient.open(
                connection,
                WatchRequest.newBuilder().setMetricId(series.metric()).build());
        client.await("it is live", received -> received.size() == 2);

        series.add(BASE_MS + 1_000, 1);

        client.await("a point", received -> received.size() == 3);
        assertThat(client.received())
                .extracting(WatchResponse::getEventCase)
                .containsExactly(EventCase.STARTED, EventCase.CAUGHT_UP, EventCase.POINT);
        client.close();
    }

    @Test
    void readingsAreToldFromTheChannelOfAllAndResumed() {
        PlayedSeries series = queries.series();
        long sinceMs = System.currentTimeMillis();
        String other = UUID.randomUUID().toString();
        for (int i = 0; i < 6; i++) {
            reading(series.metric(), sinceMs + i, i + 1);
            reading(other, sinceMs + i, 9);
        }
        WatchRequest request = WatchRequest.newBuilder()
                .setMetricId(series.metric())
                .setResolution("raw")
                .setFrom(SeriesPoints.time(sinceMs + 1))
                .build();
        String cursor;
        List<Double> values = new ArrayList<>();
        try (WatchClient first = WatchClient.connect(connection, request, CallOptions.DEFAULT, null)) {
            List<WatchResponse> taken = first.take(3);
            taken.stream()
                    .filter(WatchResponse::hasPoint)
                    .forEach(one -> values.add(one.getPoint().getLast()));
            cursor = taken.getLast().getCursor();
        }
        reading(series.metric(), sinceMs + 7, 7);
        try (WatchClient second = WatchClient.open(
                connection, request.toBuilder().setCursor(cursor).build())) {
            second.await("the last one", received -> received.stream()
                    .anyMatch(one -> one.hasPoint() && one.getPoint().getLast() == 7));
            second.received().stream()
                    .filter(WatchResponse::hasPoint)
                    .forEach(one -> values.add(one.getPoint().getLast()));
        }

        assertThat(values).containsExactly(2.0, 3.0, 4.0, 5.0, 6.0, 7.0);
    }

    @Test
    void manyThatDoNotReadMakeNoDifferenceForTheOthersAndHoldLittle() {
        PlayedSeries series = queries.series();
        for (int i = 0; i < 3; i++) {
            series.add(BASE_MS + i * 1_000L, 1);
        }
        series.copyAll();
        List<ManagedChannel> connections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            connections.add(GrpcClients.connect(edge));
        }
        // A stream that is left unread has a connection of its own, as docs/grpc.md asks for.
        ManagedChannel unreadConnection = GrpcClients.narrow(edge);
        List<WatchClient> readers = new ArrayList<>();
        List<WatchClient> unread = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            if (i < UNREAD) {
                unread.add(WatchClient.connect(unreadConnection, history(series).build(), CallOptions.DEFAULT, null));
            } else {
                readers.add(
                        WatchClient.open(connections.get(i % 4), history(series).build()));
            }
        }
        readers.forEach(reader -> reader.await(
                "the history is told", received -> received.stream().anyMatch(WatchResponse::hasCaughtUp)));

        int changes = 200;
        for (int i = 0; i < changes; i++) {
            series.add(BASE_MS + 1_000L * (i % 50), 1);
        }

        for (WatchClient reader : readers) {
            reader.await(
                    "every change",
                    received ->
                            received.stream().filter(WatchResponse::hasPoint).count() == 3 + changes);
        }
        Eventually.holds(
                "little is pending",
                () -> edge.part(EdgeLoops.class).stats().stream()
                                .mapToLong(LoopStats::pendingBytes)
                                .sum()
                        < UNREAD * 100_000L);
        Eventually.holds(
                "no history is held",
                () -> edge.part(MeterRegistry.class)
                                .get("tailrace.edge.watch.history.bytes")
                                .gauge()
                                .value()
                        < UNREAD * 10_000L);
        WatchClient late = unread.getFirst().read();
        late.await(
                "what it did not read is not lost", received -> shown(received).equals(series.windows()));
        readers.forEach(WatchClient::close);
        unread.forEach(WatchClient::close);
        connections.forEach(ManagedChannel::shutdownNow);
        unreadConnection.shutdownNow();
    }

    @Test
    void aClientThatTakesNothingOfItsHistoryIsCutAndHoldsNothingAnyMore() {
        PlayedSeries series = queries.series();
        for (int i = 0; i < 400; i++) {
            series.add(BASE_MS + i * 1_000L, 1);
        }
        series.copyAll();
        try (RunningEdge brisk = RunningEdge.start(Map.of(
                "tailrace.grpc.enabled",
                true,
                "tailrace.edge.watch.target",
                queries.target(),
                "tailrace.edge.stream.high-water-bytes",
                16_384,
                "tailrace.edge.stream.stall-timeout",
                "500ms",
                "tailrace.edge.close-timeout",
                "200ms"))) {
            ManagedChannel own = GrpcClients.narrow(brisk);
            WatchClient slow = WatchClient.connect(own, history(series).build(), CallOptions.DEFAULT, null);

            Eventually.holds(
                    "it is cut",
                    () -> brisk.part(EdgeLoops.class).stats().stream()
                                    .mapToLong(LoopStats::stalledTotal)
                                    .sum()
                            == 1);
            Eventually.holds(
                    "nothing is held",
                    () -> brisk.part(MeterRegistry.class)
                                    .get("tailrace.edge.watch.history.bytes")
                                    .gauge()
                                    .value()
                            == 0);
            assertThat(slow.read().status().getCode()).isNotEqualTo(Status.Code.OK);
            own.shutdownNow();
        }
    }

    /** A request for all windows of a series, and what comes. */
    static WatchRequest.Builder history(PlayedSeries series) {
        return WatchRequest.newBuilder()
                .setMetricId(series.metric())
                .setResolution("1s")
                .setFrom(SeriesPoints.time(BASE_MS))
                .setMaxPoints(10_000);
    }

    private static void change(PlayedSeries series, SplittableRandom random, int times) {
        for (int i = 0; i < times; i++) {
            series.add(BASE_MS + 1_000L * random.nextInt(WINDOWS), 1 + random.nextInt(2));
            series.copy(random.nextInt(3));
        }
    }

    private static void reading(String metric, long ms, double value) {
        TestBroker.shared()
                .publish(
                        "metrics",
                        "metric_reading_created",
                        "{\"id\":\"" + UUID.randomUUID() + "\",\"metric_id\":\"" + metric + "\",\"value\":" + value
                                + ",\"timestamp\":\"" + java.time.Instant.ofEpochMilli(ms) + "\"}");
    }

    private static boolean isWindow(WatchResponse response) {
        return response.hasPoint() && response.getPoint().getCount() > 0;
    }

    private static Map<Long, Long> shown(List<WatchResponse> received) {
        Map<Long, Long> shown = new TreeMap<>();
        received.stream()
                .filter(WatchTest::isWindow)
                .map(WatchResponse::getPoint)
                .forEach(point -> shown.put(SeriesPoints.timeMs(point), point.getCount()));
        return shown;
    }
}
