package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.tailrace.edge.testing.GrpcClients;
import io.tailrace.edge.testing.PlayedSeries;
import io.tailrace.edge.testing.QueryStandIn;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SeriesPoints;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.edge.testing.WatchClient;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.grpc.ProblemStatus;
import io.tailrace.kit.problem.ProblemException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a real edge refuses to those who want to watch, and how calls end. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchRefusalTest {
    private final QueryStandIn queries = QueryStandIn.start();
    private final RunningEdge edge =
            RunningEdge.start(Map.of("tailrace.grpc.enabled", true, "tailrace.edge.watch.target", queries.target()));
    private final ManagedChannel connection = GrpcClients.connect(edge);

    @AfterAll
    void stop() {
        connection.shutdownNow();
        edge.close();
        queries.close();
    }

    @Test
    void moreHistoryThanMayBeHeldIsRefusedForNow() {
        PlayedSeries series = queries.series();
        for (int i = 0; i < 20; i++) {
            series.add(WatchTest.BASE_MS + i * 1_000L, 1);
        }
        series.copyAll();
        try (RunningEdge small = RunningEdge.start(Map.of(
                "tailrace.grpc.enabled",
                true,
                "tailrace.edge.watch.target",
                queries.target(),
                "tailrace.edge.watch.history-bytes",
                1_000))) {
            ManagedChannel own = GrpcClients.connect(small);
            WatchClient refused =
                    WatchClient.open(own, WatchTest.history(series).build());

            assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refused.status().getDescription()).contains("too much history");
            own.shutdownNow();
        }
    }

    @Test
    void theLastFreeStreamOfAnEdgeIsGoodForAWatch() {
        PlayedSeries series = queries.series();
        series.add(WatchTest.BASE_MS, 1);
        series.copyAll();
        try (RunningEdge small = RunningEdge.start(Map.of(
                "tailrace.grpc.enabled",
                true,
                "tailrace.edge.watch.target",
                queries.target(),
                "tailrace.edge.max-connections",
                1))) {
            ManagedChannel own = GrpcClients.connect(small);
            WatchClient only = WatchClient.open(own, WatchTest.history(series).build());
            only.await("it is live", received -> received.size() == 3);

            WatchClient surplus =
                    WatchClient.open(own, WatchTest.history(series).build());
            assertThat(surplus.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            only.close();
            own.shutdownNow();
        }
    }

    @Test
    void whatCannotBeAnsweredIsRefused() {
        PlayedSeries series = queries.series();
        WatchRequest good = WatchTest.history(series).build();
        String foreign;
        try (WatchClient other = WatchClient.connect(
                connection, WatchTest.history(queries.series()).build(), CallOptions.DEFAULT, null)) {
            foreign = other.take(1).getFirst().getCursor();
        }

        refused(
                good.toBuilder().setMetricId("m".repeat(10_000)),
                Status.Code.INVALID_ARGUMENT,
                "VALIDATION",
                "metric_id");
        refused(good.toBuilder().setMetricId(UUID.randomUUID().toString()), Status.Code.NOT_FOUND, "NOT_FOUND");
        refused(
                good.toBuilder().setTo(SeriesPoints.time(WatchTest.BASE_MS - 1_000)),
                Status.Code.INVALID_ARGUMENT,
                "VALIDATION",
                "to");
        refused(good.toBuilder().setMaxPoints(1_000_000_000), Status.Code.INVALID_ARGUMENT, "VALIDATION", "max_points");
        refused(good.toBuilder().setCursor("AgEB"), Status.Code.INVALID_ARGUMENT, "VALIDATION", "cursor");
        refused(good.toBuilder().setCursor(foreign), Status.Code.INVALID_ARGUMENT, "VALIDATION", "cursor");
        refused(
                good.toBuilder().setInterval(Duration.newBuilder().setSeconds(-1)),
                Status.Code.INVALID_ARGUMENT,
                "VALIDATION",
                "interval");
        WatchClient late = WatchClient.connect(connection, good, CallOptions.DEFAULT, TestTokens.expired("series:**"))
                .read();
        assertThat(late.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        WatchClient impatient = WatchClient.connect(
                        connection, good, CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS), null)
                .read();
        assertThat(impatient.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void theHistoryIsAskedForInTheNameOfTheCallerAndItsRefusalIsPassedOn() {
        PlayedSeries series = queries.series();
        String token = TestTokens.token("sam", java.time.Duration.ofMinutes(5));
        try (WatchClient client =
                WatchClient.connect(connection, WatchTest.history(series).build(), CallOptions.DEFAULT, token)) {
            client.take(1);
        }
        assertThat(queries.lastToken()).isEqualTo("Bearer " + token);

        queries.refuse(ProblemStatus.of(
                ProblemException.unavailable("The windows are not there yet", java.time.Duration.ofSeconds(1), null)));
        try {
            WatchClient refused =
                    WatchClient.open(connection, WatchTest.history(series).build());
            assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(GrpcClients.details(refused.status(), refused.trailers()))
                    .containsExactly("UNAVAILABLE", "type.googleapis.com/google.rpc.RetryInfo");
        } finally {
            queries.refuse(null);
        }
    }

    @Test
    void aCallWhoseTokenEndsEndsAndOneThatIsCancelledLeavesNothing() {
        PlayedSeries series = queries.series();
        String brief = TestTokens.token("sam", java.time.Duration.ofSeconds(2));
        WatchClient expiring = WatchClient.connect(
                        connection, WatchTest.history(series).build(), CallOptions.DEFAULT, brief)
                .read();
        WatchClient cancelled =
                WatchClient.open(connection, WatchTest.history(series).build());
        cancelled.await("it is open", received -> !received.isEmpty());
        cancelled.close();

        assertThat(expiring.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void anEdgeThatKnowsNobodyWhoAnswersQuerySaysSo() {
        try (RunningEdge alone = RunningEdge.start(Map.of("tailrace.grpc.enabled", true))) {
            ManagedChannel own = GrpcClients.connect(alone);
            WatchClient client =
                    WatchClient.open(own, WatchTest.history(queries.series()).build());

            assertThat(client.status().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(client.status().getDescription()).contains("TAILRACE_EDGE_WATCH_TARGET");
            own.shutdownNow();
        }
    }

    private void refused(WatchRequest.Builder request, Status.Code code, String... details) {
        WatchClient client = WatchClient.open(connection, request.build());
        assertThat(client.status().getCode()).isEqualTo(code);
        assertThat(GrpcClients.details(client.status(), client.trailers())).containsExactly(details);
        assertThat(client.received()).isEmpty();
    }
}
