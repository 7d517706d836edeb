package io.tailrace.workers.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.SeriesGap;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.workers.bridge.sequence.Copied;
import io.tailrace.workers.bridge.sequence.SequenceCounts;
import io.tailrace.workers.bridge.sequence.SourcePosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bridges from a source of the test over real connections into a real log, with their positions in a real PostgreSQL. */
@Tag("server")
class BridgeHandlerTest {
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

    @Test
    void theMetricIsMadeWithTheUnitThatTheSourceSays() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge(source.port());
            TestBridges.set(bridge);
            var unused = attempt(bridge, 1);
            TestBridges.awaitState(bridge, "live");

            assertThat(TestBridges.events(
                            Topics.METRICS,
                            TestBridges.metric(bridge).toString(),
                            "metric_created",
                            MetricCreated.class))
                    .containsExactly(new MetricCreated(TestBridges.metric(bridge), "the room", "°C"));
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
            Eventually.holds(
                    "the gap is told", () -> !TestBridges.gaps(bridge, "1m").isEmpty());

            List<Instant> made = source.made();
            SeriesGap gap = TestBridges.gaps(bridge, "1m").getFirst();
            assertThat(gap.bridge()).isEqualTo(name);
            assertThat(gap.epoch()).isEqualTo("e0");
            assertThat(gap.lastSequence()).isNull();
            assertThat(gap.from()).isEqualTo(made.getFirst());
            assertThat(gap.to()).isEqualTo(made.getLast());
            Eventually.holds("on the other channel, too", () -> TestBridges.gaps(bridge, "1s")
                    .contains(gap));
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
            Eventually.holds("both late readings are told", () -> TestBridges.gaps(bridge, "1m").stream()
                    .anyMatch(gap -> source.made().get(1).equals(gap.to())));
            assertThat(TestBridges.gaps(bridge, "1m")).allSatisfy(gap -> {
                assertThat(gap.reason()).contains("too late for windows");
                assertThat(gap.to()).isBefore(source.made().getLast());
            });
            assertThat(TestBridges.gaps(bridge, "1m").getFirst().from())
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
                                    new PendingEvents(List.of(
                                                    PendingEvents.Entry.of(id, TestBridges.metric(bridge), reading)))
                                            .json(),
                                    "history",
                                    SequenceCounts.NONE,
                                    null)))
                    .isTrue();

            var unused = attempt(bridge, 2);
            TestBridges.awaitState(bridge, "live");
            assertThat(TestBridges.readings(bridge))
                    .containsExactly(new MetricReadingCreated(id, TestBridges.metric(bridge), 3, at));
            Eventually.holds("it is not written a third time", () -> TestBridges.column(bridge, "pending")
                    .equals(List.of("null")));
        }
    }
}
