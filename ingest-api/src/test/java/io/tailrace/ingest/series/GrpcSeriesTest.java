package io.tailrace.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tailrace.backends.Eventually;
import io.tailrace.grpc.series.v1.ListMetricsRequest;
import io.tailrace.grpc.series.v1.ListMetricsResponse;
import io.tailrace.grpc.series.v1.ListedMetric;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.QueryResponse;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc.SeriesServiceBlockingStub;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.SeriesProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.kit.grpc.GrpcServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Series over gRPC, which are those of HTTP in another form. */
@Tag("server")
class GrpcSeriesTest {
    private static final Instant HOUR =
            Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    private static final ManagedChannel CONNECTION = connect(TestIngest.shared());

    private final Http http = TestIngest.shared().anonymous();

    @AfterAll
    static void stop() {
        CONNECTION.shutdownNow();
    }

    @Test
    void a_query_answers_what_http_answers_also_its_position_and_its_gaps() {
        UUID metric = metric(", \"unit\": \"%\"");
        SeriesProjections.points(metric, 1_000, HOUR, 90);
        SeriesProjections.points(metric, 1_000, HOUR.plusSeconds(151), 40);
        SeriesProjections.moveTo(metric, "1s", 500);
        JsonNode body = http.get("/metrics/" + metric + "/series?from=" + HOUR + "&to=" + HOUR.plusSeconds(300)
                        + "&max_points=20&resolution=1s&columns=t,count,sum,p99,last_at")
                .body();

        List<QueryResponse> parts = query(request(metric, 300).setMaxPoints(20).build());

        QueryResponse first = parts.getFirst();
        assertThat(parts).hasSize(1);
        assertThat(first.getMetric().getName()).isEqualTo("cpu");
        assertThat(first.getMetric().getUnit()).isEqualTo("%");
        assertThat(first.getResolution()).isEqualTo("1s");
        assertThat(first.getChannel()).isEqualTo(body.path("channel").asText());
        assertThat(first.getPosition()).isEqualTo(body.path("position").asText());
        assertThat(List.of(first.getLeast(), first.getGreatest())).isEqualTo(List.of(1.0, 90.0));
        List<String> rows = new ArrayList<>();
        body.path("rows").forEach(row -> rows.add(row.toString()));
        assertThat(first.getPointsList().stream().map(GrpcSeriesTest::row)).containsExactlyElementsOf(rows);
        assertThat(first.getPointsList().stream().filter(point -> point.getCount() == 0))
                .hasSize(1);
    }

    @Test
    void a_large_answer_comes_in_parts() {
        UUID metric = metric("");
        SeriesProjections.points(metric, 1_000, HOUR, 1_200);
        SeriesProjections.moveTo(metric, "1s", 2_000);

        List<QueryResponse> parts =
                query(request(metric, 1_200).setMaxPoints(10_000).build());

        assertThat(parts).extracting(QueryResponse::getPointsCount).containsExactly(500, 500, 200);
        assertThat(parts)
                .extracting(QueryResponse::getPosition)
                .filteredOn(String::isEmpty)
                .hasSize(2);
        assertThat(parts.stream()
                        .flatMap(part -> part.getPointsList().stream())
                        .mapToDouble(Point::getSum)
                        .sum())
                .isEqualTo(1_200 * 1_201 / 2.0);
    }

    @Test
    void a_metric_without_windows_has_an_answer_without_points() {
        UUID metric = metric("");
        SeriesProjections.moveTo(metric, "1s", 3);

        List<QueryResponse> parts = query(request(metric, 60).build());

        assertThat(parts).hasSize(1);
        assertThat(parts.getFirst().getPointsCount()).isZero();
        assertThat(parts.getFirst().hasLeast()).isFalse();
        assertThat(parts.getFirst().getPosition()).isNotEmpty();
    }

    @Test
    void what_makes_no_sense_is_refused() throws IOException {
        UUID metric = metric("");
        Projections.copyMetrics();

        assertThat(refusal(request(metric, 60).setMetricId("x"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(request(UUID.randomUUID(), 60))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(refusal(request(metric, -60))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(request(metric, 60).setResolution("2s"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(request(metric, 60).setMaxPoints(1_000_000_000))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(request(metric, 60).setMaxPoints(-1))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(request(metric, 60)
                        .setFrom(Timestamp.newBuilder()
                                .setSeconds(HOUR.minus(3_650, ChronoUnit.DAYS).getEpochSecond()))))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(request(metric, 60).setFrom(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void an_answer_that_is_not_taken_keeps_its_place_until_its_client_goes() throws IOException {
        UUID metric = metric("");
        Projections.copyMetrics();
        SeriesProjections.points(metric, 1_000, HOUR, 3_500);
        SeriesProjections.moveTo(metric, "1s", 4_000);
        QueryRequest large = request(metric, 3_500).setMaxPoints(10_000).build();
        try (TestIngest server =
                TestIngest.start(Map.of("tailrace.metrics.open", true, "tailrace.series-queries.max-readers", 1))) {
            ManagedChannel own = connect(server);
            ManagedChannel other = connect(server);

            // when somebody takes nothing
            ClientCall<QueryRequest, QueryResponse> unread =
                    own.newCall(SeriesServiceGrpc.getQueryMethod(), CallOptions.DEFAULT);
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            unread.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onHeaders(Metadata headers) {
                            begun.complete(true);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            begun.complete(false);
                        }
                    },
                    new Metadata());
            unread.sendMessage(large);
            unread.halfClose();
            assertThat(begun).succeedsWithin(Duration.ofMinutes(2)).isEqualTo(true);

            // then there is no place for another, until it is cancelled
            Eventually.holds(
                    "the place is taken",
                    () -> refusal(stub(other), request(metric, 1).build()) == Status.Code.UNAVAILABLE);
            unread.cancel("the test has what it wanted", null);
            Eventually.holds(
                    "the place is free",
                    () -> refusal(stub(other), request(metric, 1).build()) == Status.Code.OK);
            own.shutdownNow();
            other.shutdownNow();
        }
    }

    @Test
    void metrics_are_listed_by_pages_with_their_last_values() throws IOException {
        String name = "list-" + UUID.randomUUID();
        UUID first = metric(name, "");
        UUID second = metric(name, "");
        Projections.copyMetrics();
        SeriesProjections.point(second, 1_000, HOUR, 7, 1);
        SeriesProjections.point(second, 3_600_000, HOUR, 7, 2);
        ListMetricsRequest.Builder request =
                ListMetricsRequest.newBuilder().setNameContains(name).setLimit(1);

        ListMetricsResponse page = stub(CONNECTION).listMetrics(request.build());
        ListMetricsResponse rest =
                stub(CONNECTION).listMetrics(request.setAfter(page.getNext()).build());

        assertThat(page.getMetricsList())
                .extracting(ListedMetric::getMetric)
                .singleElement()
                .satisfies(metric -> assertThat(metric.getId()).isEqualTo(first.toString()));
        assertThat(page.getMetrics(0).hasLast()).isFalse();
        assertThat(rest.getMetricsList()).singleElement().satisfies(metric -> {
            assertThat(metric.getMetric().getId()).isEqualTo(second.toString());
            assertThat(metric.getLast()).isEqualTo(7);
            assertThat(metric.getSince().getSeconds()).isEqualTo(HOUR.getEpochSecond());
        });
        assertThat(rest.getNext()).isEmpty();
        for (ListMetricsRequest wrong : List.of(
                ListMetricsRequest.newBuilder().setLimit(201).build(),
                ListMetricsRequest.newBuilder().setAfter("x").build(),
                ListMetricsRequest.newBuilder()
                        .setNameContains("x".repeat(10_000))
                        .build())) {
            StatusRuntimeException fault = catchThrowableOfType(StatusRuntimeException.class, () -> {
                var unused = stub(CONNECTION).listMetrics(wrong);
            });
            assertThat(fault.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    private static ManagedChannel connect(TestIngest server) {
        // A small window, so that what is not read waits in the server.
        return NettyChannelBuilder.forAddress(
                        "127.0.0.1", server.bean(GrpcServer.class).port())
                .flowControlWindow(65_535)
                .usePlaintext()
                .build();
    }

    private static SeriesServiceBlockingStub stub(ManagedChannel connection) {
        return SeriesServiceGrpc.newBlockingStub(connection).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static QueryRequest.Builder request(UUID metric, int seconds) {
        return QueryRequest.newBuilder()
                .setMetricId(metric.toString())
                .setFrom(Timestamp.newBuilder().setSeconds(HOUR.getEpochSecond()))
                .setTo(Timestamp.newBuilder().setSeconds(HOUR.getEpochSecond() + seconds))
                .setResolution("1s");
    }

    private static List<QueryResponse> query(QueryRequest request) {
        List<QueryResponse> parts = new ArrayList<>();
        stub(CONNECTION).query(request).forEachRemaining(parts::add);
        return parts;
    }

    private static Status.Code refusal(QueryRequest.Builder request) {
        return refusal(stub(CONNECTION), request.build());
    }

    private static Status.Code refusal(SeriesServiceBlockingStub stub, QueryRequest request) {
        try {
            stub.query(request).forEachRemaining(part -> {});
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    /** A point as a row of JSON has it. */
    private static String row(Point point) {
        Instant time = Instant.ofEpochSecond(point.getTime().getSeconds());
        if (point.getCount() == 0) {
            return "[\"" + time + "\",0,null,null,null]";
        }
        Instant lastAt = Instant.ofEpochSecond(
                point.getLastAt().getSeconds(), point.getLastAt().getNanos());
        return "[\"" + time + "\"," + point.getCount() + "," + point.getSum() + "," + point.getP99() + ",\"" + lastAt
                + "\"]";
    }

    private UUID metric(String field) {
        return metric("cpu", field);
    }

    private UUID metric(String name, String field) {
        return UUID.fromString(http.post("/metrics", "{\"name\": \"" + name + "\"" + field + "}")
                .body()
                .path("id")
                .asText());
    }
}
