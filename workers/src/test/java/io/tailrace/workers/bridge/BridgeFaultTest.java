package io.tailrace.workers.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.grpc.InstallationHeader;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.workers.bridge.sequence.SequenceCounts;
import io.tailrace.workers.bridge.sequence.SourcePosition;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a bridge that cannot begin, go on or store what it has, and what is said about it. */
@Tag("server")
class BridgeFaultTest {
    private final String name = "f-" + UUID.randomUUID();
    private final UUID job = UUID.randomUUID();
    private final List<Attempt> attempts = new ArrayList<>();

    private Attempt attempt(Bridge bridge, BridgeRun.Collaborators with) throws SQLException {
        TestBridges.set(bridge);
        Attempt attempt = new Attempt(bridge, job, 1, with);
        attempts.add(attempt);
        return attempt;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Attempt attempt : attempts) {
            attempt.stop();
        }
    }

    private Bridge bridge(String target, String resolution, Instant createdAt) {
        return new Bridge(
                name,
                target,
                null,
                List.of(new BridgedMetric(TestSource.METRIC, "the room")),
                resolution,
                0,
                createdAt,
                createdAt);
    }

    private Bridge bridge(TestSource source) {
        return bridge("127.0.0.1:" + source.port(), Bridge.RAW, Instant.now());
    }

    @Test
    void aTargetThatGrpcRefusesIsToldInTheRowsAndTheJobIsNotCounted() throws Exception {
        Bridge bridge = bridge("my_host:9090", Bridge.RAW, Instant.now());
        Attempt attempt = attempt(bridge, TestBridges.collaborators());

        assertThat(attempt.failure()).isInstanceOfSatisfying(JobFailure.class, failure -> {
            assertThat(failure.type()).isEqualTo("invalid_bridge");
            assertThat(failure.isCounted()).isFalse();
        });
        assertThat(TestBridges.column(bridge, "state")).containsExactly("failing");
        assertThat(TestBridges.column(bridge, "error_type")).containsExactly("invalid_bridge");
        assertThat(TestBridges.column(bridge, "error").getFirst())
                .contains("target")
                .doesNotContain("my_host");
    }

    @Test
    void aMetricWhoseThreadHasDiedEndsTheAttempt() throws Exception {
        SourceChannels broken = new SourceChannels(TestBridges.settings(null), new InstallationHeader(() -> {
            throw new NoClassDefFoundError("of the test");
        }));
        try (TestSource source = TestSource.start(1)) {
            Attempt attempt = attempt(bridge(source), TestBridges.collaborators(broken));

            assertThat(attempt.failure()).isInstanceOfSatisfying(JobFailure.class, failure -> {
                assertThat(failure.type()).isEqualTo("internal");
                assertThat(failure.isCounted()).isFalse();
            });
        }
    }

    @Test
    void aStepThatPostgresqlRefusesIsToldAndDoneWhenItIsTakenAgain() throws Exception {
        String constraint = "\"" + name + "\"";
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge(source);
            TestBridges.update("alter table bridge_positions add constraint " + constraint + " check (bridge <> '"
                    + name + "' or last_at is null)");
            try {
                var unused = attempt(bridge, TestBridges.collaborators());
                TestBridges.awaitState(bridge, "live");
                source.make();
                // The bridge goes on trying, and for moments the row has no error.
                Eventually.holds(
                        "it is told", () -> TestBridges.column(bridge, "state || ' ' || error_type || ' ' || error")
                                .getFirst()
                                .matches("(?s)failing not_stored .*23514.*"));
            } finally {
                TestBridges.update("alter table bridge_positions drop constraint " + constraint);
            }
            TestBridges.awaitCopied(bridge, source);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "08006, true",
        "57P01, true",
        "53300, true",
        "25006, true",
        "22021, false",
        "23514, false",
        "42P01, false"
    })
    void aServerThatIsAwayIsWaitedForAndOneThatRefusesIsNot(String state, boolean isOutage) {
        assertThat(MetricSteps.isOutage(new SQLException("of the test", state))).isEqualTo(isOutage);
    }

    @Test
    void aPoolThatHasNoConnectionIsWaitedFor() {
        assertThat(MetricSteps.isOutage(new SQLTransientConnectionException())).isTrue();
        assertThat(MetricSteps.isOutage(new SQLException())).isTrue();
    }

    @Test
    void withAnotherTargetTheCountsBeginAnewBehindTheLastReading() throws Exception {
        Bridge before = bridge("localhost:1", Bridge.RAW, Instant.now());
        Bridge after = bridge("localhost:2", Bridge.RAW, before.createdAt());
        BridgeTable table = TestBridges.table();
        BridgeTable.Holder holder = new BridgeTable.Holder(job, 1);
        Instant at = Instant.parse("2026-01-01T00:00:00.123456Z");
        assertThat(table.claim(before, holder)).isPresent();
        assertThat(table.move(
                        name,
                        TestSource.METRIC,
                        holder,
                        new BridgeTable.Step(
                                new SourcePosition("e", 7, "c7", at),
                                null,
                                "live",
                                new SequenceCounts(1, 2, 3, 4, 5),
                                "{}")))
                .isTrue();

        assertThat(table.claim(before, holder)).isPresent();
        assertThat(TestBridges.column(before, "readings + duplicates + refused + conflated + gaps"))
                .containsExactly("15");
        assertThat(table.claim(after, holder).orElseThrow())
                .containsEntry(TestSource.METRIC, new BridgeTable.Claimed(new SourcePosition("e", 7, "", at), null));
        assertThat(TestBridges.column(after, "readings + duplicates + refused + conflated + gaps"))
                .containsExactly("0");
        assertThat(TestBridges.column(after, "last_gap")).containsExactly("null");
    }

    @Test
    void aSourceThatAcceptsACallAndIsSilentIsNotOneThatFails() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            source.refuse(Status.RESOURCE_EXHAUSTED);
            Bridge bridge = bridge(source);
            var unused = attempt(bridge, TestBridges.collaborators());
            TestBridges.awaitState(bridge, "failing");

            source.silent(true);
            source.refuse(null);
            TestBridges.awaitState(bridge, "connecting");
            Eventually.holds("the error is gone", () -> TestBridges.column(bridge, "error_type")
                    .equals(List.of("null")));
        }
    }

    @Test
    void aUnitOfTenKilobytesIsNotTakenAndTheReadingsAre() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            source.unit("x".repeat(10_240));
            Bridge bridge = bridge(source);
            var unused = attempt(bridge, TestBridges.collaborators());
            TestBridges.awaitState(bridge, "live");
            source.make();
            TestBridges.awaitCopied(bridge, source);

            assertThat(TestBridges.events(
                            Topics.METRICS,
                            bridge.metricId(bridge.metrics().getFirst()).toString(),
                            "metric_created",
                            MetricCreated.class))
                    .singleElement()
                    .satisfies(created -> assertThat(created.unit()).isNull());
        }
    }

    @Test
    void ofAHistoryOfMoreWindowsThanASourceTellsTheRestIsAGap() throws Exception {
        Instant createdAt = Instant.now().minus(Duration.ofDays(1));
        try (TestSource source = TestSource.start(1)) {
            Bridge bridge = bridge("127.0.0.1:" + source.port(), "1s", createdAt);
            var unused = attempt(bridge, TestBridges.collaborators());
            TestBridges.awaitState(bridge, "live");

            WatchRequest request = source.requests().getFirst();
            assertThat(request.getMaxPoints()).isEqualTo(10_000);
            assertThat(Instant.ofEpochSecond(request.getFrom().getSeconds()))
                    .isAfter(Instant.now().minusSeconds(10_000));
            assertThat(TestBridges.column(bridge, "last_gap").getFirst()).contains("windows of its history");
        }
    }
}
