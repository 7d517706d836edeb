package io.tailrace.workers.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.SeriesGap;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.workers.bridge.sequence.Copied;
import io.tailrace.workers.bridge.sequence.SequenceCounts;
import io.tailrace.workers.bridge.sequence.SourcePosition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bridges from a source of the test over real connections into a real log, with their positions in a real PostgreSQL. */
@Tag("server")
class BridgeHandlerTest {
    /** How often the source, its connection, its memory or the worker is killed; by hand more often: {@code -Dbridge.kills=50}. */
    private static final int KILLS = Integer.getInteger("bridge.kills", 8);

    private static final Logger LOG = LoggerFactory.getLogger(BridgeHandlerTest.class);

    private final String name = "b-" + UUID.randomUUID();
    private final UUID job = UUID.randomUUID();
    private final List<Attempt> attempts = new ArrayList<>();

    private Attempt attempt(Bridge bridge, int number) {
        Attempt attempt = new Attempt(bridge, job, number, TestBridges.collaborators());
        attempts.add(attempt);
        return attempt;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Attempt attempt : attempts) {
            attempt.stop();
        }
    }

    private Bridge bridge(int port, BridgedMetric... metrics) {
        Instant now = Instant.now();
        return new Bridge(name, "127.0.0.1:" + port, null, List.of(metrics), Bridge.RAW, 0, now, now);
    }

    private Bridge bridge(int port) {
        return bridge(port, new BridgedMetric(TestSource.METRIC, "the room"));
    }

    private static UUID metric(Bridge bridge) {
        return bridge.metricId(bridge.metrics().getFirst());
    }

    private static List<MetricReadingCreated> readings(Bridge bridge) throws IOException {
        return TestBridges.events(
                Topics.READINGS, metric(bridge).toString(), "metric_reading_created", MetricReadingCreated.class);
    }

    private static List<SeriesGap> gaps(Bridge bridge, String resolution) throws IOException {
        Channel channel = new Channel(SeriesPoint.channel(metric(bridge), resolution));
        String topic = Namespaces.builtIn().of(channel).orElseThrow().topic();
        return TestBridges.events(topic, channel.name(), SeriesGap.TYPE, SeriesGap.class);
    }

    private static boolean covers(SeriesGap gap, Instant at) {
        Instant from = gap.from();
        Instant to = gap.to();
        return to != null && (from == null || !at.isBefore(from)) && !at.isAfter(to);
    }

    @Test
    void whateverIsKilledEachReadingIsCopiedUnderOneIdOrToldAsMissing() throws Exception {
        Random random = new Random(21);
        try (TestSource source = TestSource.start(21);
                Relay relay = new Relay(source.port())) {
            Bridge bridge = bridge(relay.port());
            TestBridges.set(bridge);
            Attempt attempt = attempt(bridge, 1);
            TestBridges.awaitState(bridge, "live");
            int number = 1;
            int forgotten = 0;
            for (int i = 0; i < KILLS; i++) {
                source.disorder(random.nextBoolean());
                for (int n = 5 + random.nextInt(20); n > 0; n--) {
                    source.make();
                }
                if (random.nextBoolean()) {
                    TestBridges.awaitCopied(bridge, source);
                }
                switch (i % 4) {
                    case 0 -> source.cut();
                    case 1 -> relay.cut();
                    case 2 -> {
                        source.forget();
                        forgotten++;
                    }
                    default -> {
                        number++;
                        if (random.nextBoolean()) {
                            attempt.stop();
                        }
                        // Otherwise the one before is a worker that was frozen: it finds out that it is not the holder
                        // any more.
                        attempt = attempt(bridge, number);
                    }
                }
            }
            source.disorder(false);
            source.make();
            TestBridges.awaitCopied(bridge, source);
            Instant last = source.made().getLast();
            Eventually.holds("the last reading is in the log", () -> readings(bridge).stream()
                    .anyMatch(reading -> reading.timestamp().equals(last)));

            Map<Instant, Set<UUID>> copied = new HashMap<>();
            for (MetricReadingCreated reading : readings(bridge)) {
                copied.computeIfAbsent(reading.timestamp(), _ -> new HashSet<>())
                        .add(reading.id());
                assertThat(reading.value())
                        .as("the value of %s", reading)
                        .isEqualTo(source.made().indexOf(reading.timestamp()) + 1.0);
            }
            List<SeriesGap> gaps = gaps(bridge, "1s");
            for (Instant made : source.made()) {
                Set<UUID> ids = copied.getOrDefault(made, Set.of());
                assertThat(ids).as("the ids of %s", made).hasSizeLessThan(2);
                assertThat(ids.size() == 1 || gaps.stream().anyMatch(gap -> covers(gap, made)))
                        .as("%s is copied or told in %s", made, gaps)
                        .isTrue();
            }
            assertThat(new HashSet<>(gaps)).as("gaps").hasSizeLessThanOrEqualTo(forgotten * 2);
            LOG.info(
                    "{} kills, {} of them with lost memory: {} readings made, {} copied, {} told in {} gaps",
                    KILLS,
                    forgotten,
                    source.made().size(),
                    copied.size(),
                    source.made().size() - copied.size(),
                    new HashSet<>(gaps).size());
        }
    }

    @Test
    void theMetricIsMadeWithTheUnitThatTheSourceSays() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge(source.port());
            TestBridges.set(bridge);
            var unused = attempt(bridge, 1);
            TestBridges.awaitState(bridge, "live");

            assertThat(TestBridges.events(
                            Topics.METRICS, metric(bridge).toString(), "metric_created", MetricCreated.class))
                    .containsExactly(new MetricCreated(metric(bridge), "the room", "°C"));
        }
    }

    @Test
    void aGapIsToldOnTheChannelOfEachResolution() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge(source.port());
            TestBridges.set(bridge);
            var unused = attempt(bridge, 1);
            TestBridges.awaitState(bridge, "live");
            source.make();
            TestBridges.awaitCopied(bridge, source);
            source.forget();
            source.make();
            TestBridges.awaitCopied(bridge, source);
            Eventually.holds("the gap is told", () -> !gaps(bridge, "1m").isEmpty());

            List<Instant> made = source.made();
            SeriesGap gap = gaps(bridge, "1m").getFirst();
            assertThat(gap.bridge()).isEqualTo(name);
            assertThat(gap.epoch()).isEqualTo("e0");
            assertThat(gap.lastSequence()).isNull();
            assertThat(gap.from()).isEqualTo(made.getFirst());
            assertThat(gap.to()).isEqualTo(made.getLast());
            Eventually.holds(
                    "on the other channel, too", () -> gaps(bridge, "1s").contains(gap));
            assertThat(TestBridges.column(bridge, "gaps")).containsExactly("1");
        }
    }

    @Test
    void ofReadingsThatComeTooLateForWindowsAGapIsTold() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            // given a bridge, and a source that was cut off for long
            Bridge bridge = bridge(source.port());
            TestBridges.set(bridge);
            var unused = attempt(bridge, 1);
            TestBridges.awaitState(bridge, "live");

            // when it tells what it has read meanwhile, and then what it reads now
            source.makeAt(Instant.now().minusSeconds(1_200));
            source.makeAt(Instant.now().minusSeconds(1_100));
            TestBridges.awaitCopied(bridge, source);
            source.make();
            TestBridges.awaitCopied(bridge, source);

            // then all of it is in the log, and those that are in no window are told
            Eventually.holds("both late readings are told", () -> gaps(bridge, "1m").stream()
                    .anyMatch(gap -> source.made().get(1).equals(gap.to())));
            assertThat(gaps(bridge, "1m")).allSatisfy(gap -> {
                assertThat(gap.reason()).contains("too late for windows");
                assertThat(gap.to()).isBefore(source.made().getLast());
            });
            assertThat(gaps(bridge, "1m").getFirst().from())
                    .isEqualTo(source.made().getFirst());
            assertThat(TestBridges.column(bridge, "gaps"))
                    .as("nothing is missing of the source")
                    .containsExactly("0");
        }
    }

    @Test
    void aBridgeThatIsChangedGoesOnAsItIsThenAndADeletedOneEnds() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge(source.port(), new BridgedMetric("cellar", "the cellar"));
            TestBridges.set(bridge);
            Attempt attempt = attempt(bridge, 1);
            TestBridges.awaitState(bridge, "failing");
            assertThat(TestBridges.column(bridge, "error_type")).containsExactly("unknown_metric");

            Bridge changed = new Bridge(
                    name,
                    bridge.target(),
                    null,
                    List.of(new BridgedMetric(TestSource.METRIC, "the room")),
                    Bridge.RAW,
                    0,
                    bridge.createdAt(),
                    bridge.setAt().plusMillis(1));
            TestBridges.set(changed);
            TestBridges.awaitState(changed, "live");
            assertThat(TestBridges.column(changed, "remote")).containsExactly("cellar", TestSource.METRIC);
            assertThat(attempt.running().states()).containsKey(name);

            TestBridges.delete(changed);
            assertThat(attempt.result()).isEqualTo(Map.of("ended", "the bridge was deleted"));
            assertThat(attempt.running().states()).isEmpty();
        }
    }

    @Test
    void anAttemptWhoseRowsAreAnothersStopsAndWritesNothingMore() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge(source.port());
            TestBridges.set(bridge);
            Attempt frozen = attempt(bridge, 1);
            TestBridges.awaitState(bridge, "live");
            var unused = attempt(bridge, 2);

            assertThat(frozen.failure()).isInstanceOfSatisfying(JobFailure.class, failure -> {
                assertThat(failure.type()).isEqualTo("held_by_another");
                assertThat(failure.isCounted()).isFalse();
            });
            source.make();
            TestBridges.awaitCopied(bridge, source);
            assertThat(TestBridges.column(bridge, "token")).containsExactly("2");
            Attempt late = attempt(bridge, 1);
            assertThat(late.failure()).isInstanceOf(JobFailure.class);
            assertThat(TestBridges.column(bridge, "token")).containsExactly("2");
        }
    }

    @Test
    void anAttemptOfAJobThatWasEnqueuedBeforeTheBridgeWasChangedCopiesItAsItIsNow() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            Bridge before = bridge(source.port(), new BridgedMetric("cellar", "the cellar"));
            Bridge now = new Bridge(
                    name,
                    before.target(),
                    null,
                    List.of(new BridgedMetric(TestSource.METRIC, "the room")),
                    Bridge.RAW,
                    0,
                    before.createdAt(),
                    before.setAt().plusMillis(1));
            TestBridges.set(now);
            var unused = attempt(before, 1);

            TestBridges.awaitState(now, "live");
            assertThat(TestBridges.column(now, "remote")).containsExactly(TestSource.METRIC);
        }
    }

    @Test
    void whatWasStoredAndNotWrittenIsWrittenByWhoeverGoesOn() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge(source.port());
            TestBridges.set(bridge);
            BridgeTable table = TestBridges.table();
            BridgeTable.Holder dead = new BridgeTable.Holder(job, 1);
            assertThat(table.claim(bridge, dead)).isPresent();
            Instant at = Instant.parse("2026-01-01T00:00:00Z");
            var reading = new Copied.Reading("e0", 7, at, 3);
            UUID id = UUID.randomUUID();
            assertThat(table.move(
                            name,
                            TestSource.METRIC,
                            dead,
                            new BridgeTable.Step(
                                    new SourcePosition("e0", 7, "e0:7:0", at),
                                    new PendingEvents(List.of(PendingEvents.Entry.of(id, metric(bridge), reading)))
                                            .json(),
                                    "history",
                                    SequenceCounts.NONE,
                                    null)))
                    .isTrue();

            var unused = attempt(bridge, 2);
            TestBridges.awaitState(bridge, "live");
            assertThat(readings(bridge)).containsExactly(new MetricReadingCreated(id, metric(bridge), 3, at));
            Eventually.holds("it is not written a third time", () -> TestBridges.column(bridge, "pending")
                    .equals(List.of("null")));
        }
    }
}
