package io.tailrace.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Timestamp;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.tailrace.backends.Eventually;
import io.tailrace.grpc.series.v1.ListMetricsRequest;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.QueryResponse;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc.SeriesServiceBlockingStub;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.SeriesProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.kit.apikey.ApiKeyArguments;
import io.tailrace.kit.apikey.ApiKeyCommand;
import io.tailrace.kit.apikey.ApiKeys;
import io.tailrace.kit.grpc.GrpcServer;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of metrics with parameters that make no sense, or are as far away as they may be, over HTTP and gRPC. */
@Tag("server")
class SeriesBadInputTest {
    private static final Instant HOUR =
            Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    private static final String LONG = "x".repeat(10_240);
    private static final ManagedChannel CONNECTION = Grpc.newChannelBuilderForAddress(
                    "127.0.0.1", TestIngest.shared().bean(GrpcServer.class).port(), InsecureChannelCredentials.create())
            .build();

    private final Http http = TestIngest.shared().anonymous();

    @AfterAll
    static void stop() {
        CONNECTION.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics?limit=201, limit",
        "/metrics?limit=1000000000, limit",
        "/metrics?limit=-1, limit",
        "/metrics?limit=NaN, limit",
        "/metrics?q=LONG, q",
        "/metrics?q=, q",
        "/metrics?q=a%0Ab, q",
        "/metrics?after=LONG, after",
        "/metrics/LONG/series, id",
        "/metrics/LONG/readings, id",
        "/metrics/ID/series?max_points=-1, max_points",
        "/metrics/ID/series?max_points=1e3, max_points",
        "/metrics/ID/series?max_points=LONG, max_points",
        "/metrics/ID/series?resolution=LONG, resolution",
        "/metrics/ID/series?columns=LONG, columns",
        "/metrics/ID/series?from=2500-01-01T00:00:00Z&to=1970-01-01T00:00:00Z, to",
        "/metrics/ID/series?from=1969-12-31T23:59:59Z, from",
        "/metrics/ID/series?from=2500-01-01T00:00:00Z, to",
        "/metrics/ID/readings?limit=0, limit",
        "/metrics/ID/readings?limit=1000000000, limit",
        "/metrics/ID/readings?from=2500-01-01T00:00:00Z&to=1970-01-01T00:00:00Z, to",
        "/metrics/ID/readings?from=1969-12-31T23:59:59Z, from",
        "/metrics/ID/readings?after=LONG, after",
    })
    void what_makes_no_sense_is_400_with_its_field_and_is_not_repeated_whole(String path, String field) {
        Http.Answer answer = http.get(path.replace("LONG", LONG).replace("ID", metric().toString()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
        assertThat(answer.body().toString()).hasSizeLessThan(1_000);
    }

    @Test
    void a_range_from_1970_to_2500_has_everything_that_is_kept() {
        UUID metric = metric();
        UUID reading = SeriesProjections.reading(metric, HOUR, 5);
        SeriesProjections.readingsCatchUp(metric);
        SeriesProjections.point(metric, 3_600_000, HOUR, 5, 7);
        SeriesProjections.moveTo(metric, "1h", 8);
        String range = "?from=1970-01-01T00:00:00Z&to=2500-01-01T00:00:00Z";

        Http.Answer series = http.get("/metrics/" + metric + "/series" + range);
        Http.Answer readings = http.get("/metrics/" + metric + "/readings" + range);
        List<QueryResponse> parts = query(QueryRequest.newBuilder()
                .setMetricId(metric.toString())
                .setFrom(Timestamp.getDefaultInstance())
                .setTo(Timestamp.newBuilder()
                        .setSeconds(Instant.parse("2500-01-01T00:00:00Z").getEpochSecond()))
                .build());

        assertThat(series.status()).isEqualTo(200);
        assertThat(series.body().path("resolution").asText()).isEqualTo("1h");
        assertThat(counts(series.body())).containsOnlyOnce(1L);
        assertThat(readings.body().path("readings").findValuesAsText("id")).containsExactly(reading.toString());
        assertThat(parts.getFirst().getResolution()).isEqualTo("1h");
        assertThat(parts.getFirst().getPointsList()).extracting(Point::getCount).containsOnlyOnce(1L);
    }

    /** In protobuf a field that is not set is 0. */
    @Test
    void no_points_at_all_are_the_usual_number_over_grpc() {
        UUID metric = metric();
        SeriesProjections.points(metric, 1_000, HOUR, 1_200);
        SeriesProjections.moveTo(metric, "1s", 2_000);

        List<QueryResponse> parts = query(QueryRequest.newBuilder()
                .setMetricId(metric.toString())
                .setResolution("1s")
                .setFrom(Timestamp.newBuilder().setSeconds(HOUR.getEpochSecond()))
                .setTo(Timestamp.newBuilder().setSeconds(HOUR.getEpochSecond() + 1_200))
                .setMaxPoints(0)
                .build());

        assertThat(parts.stream().mapToInt(QueryResponse::getPointsCount).sum()).isEqualTo(500);
    }

    @Test
    void a_name_of_ten_kilobytes_is_refused_over_grpc_and_not_repeated_whole() {
        StatusRuntimeException queried =
                refusal(() -> query(QueryRequest.newBuilder().setMetricId(LONG).build()));
        StatusRuntimeException listed = refusal(() -> stub(new Metadata())
                .listMetrics(
                        ListMetricsRequest.newBuilder().setNameContains(LONG).build()));

        assertThat(List.of(queried, listed)).allSatisfy(refusal -> {
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refusal.getStatus().getDescription()).hasSizeLessThan(1_000);
        });
    }

    @Test
    void a_key_that_has_expired_is_refused_by_all_of_them() {
        String subject = "late-" + UUID.randomUUID();
        String key = keys(Instant.now().minus(Duration.ofHours(2)), "--sub", subject, "--ttl", "1h")
                .strip();
        String id = keys(Instant.now(), "list")
                .lines()
                .filter(line -> line.contains(subject))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
        String metric = UUID.randomUUID().toString();
        try (TestIngest closed = TestIngest.start(Map.of())) {
            Eventually.holds(
                    "the key is known", () -> closed.bean(ApiKeys.class).knows("api-key:" + id));
            Http late = closed.anonymous().header("X-Api-Key", key);

            for (String path :
                    List.of("/metrics", "/metrics/" + metric + "/series", "/metrics/" + metric + "/readings")) {
                assertThat(late.get(path).status()).as(path).isEqualTo(401);
            }
            assertThat(late.post("/metrics/readings", "[{\"metric_id\": \"" + metric + "\", \"value\": 1}]")
                            .status())
                    .isEqualTo(401);
            assertThat(late.header("Content-Encoding", "snappy")
                            .header("Content-Type", "application/x-protobuf")
                            .send("POST", "/api/v1/write", new byte[] {0})
                            .status())
                    .isEqualTo(401);
        }
        // Over gRPC even where no key is needed.
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), key);
        Eventually.holds(
                "the key is known",
                () -> TestIngest.shared().bean(ApiKeys.class).knows("api-key:" + id));
        StatusRuntimeException queried = refusal(() -> {
            List<QueryResponse> parts = new ArrayList<>();
            stub(metadata)
                    .query(QueryRequest.newBuilder().setMetricId(metric).build())
                    .forEachRemaining(parts::add);
            return parts;
        });
        StatusRuntimeException listed =
                refusal(() -> stub(metadata).listMetrics(ListMetricsRequest.getDefaultInstance()));
        assertThat(List.of(queried, listed)).allSatisfy(refusal -> {
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(refusal.getStatus().getDescription()).contains("expired");
        });
    }

    private static List<Long> counts(JsonNode series) {
        int column = 0;
        while (!series.path("columns").path(column).asText().equals("count")) {
            column++;
        }
        List<Long> counts = new ArrayList<>();
        for (JsonNode row : series.path("rows")) {
            counts.add(row.path(column).asLong());
        }
        return counts;
    }

    private static SeriesServiceBlockingStub stub(Metadata metadata) {
        return SeriesServiceGrpc.newBlockingStub(CONNECTION)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static List<QueryResponse> query(QueryRequest request) {
        List<QueryResponse> parts = new ArrayList<>();
        stub(new Metadata()).query(request).forEachRemaining(parts::add);
        return parts;
    }

    private static StatusRuntimeException refusal(Supplier<Object> call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::get);
    }

    /** What {@code ./tailrace apikey} prints at a time. */
    private static String keys(Instant time, String... words) {
        StringWriter out = new StringWriter();
        int code = new ApiKeyCommand(
                        TestIngest.shared().bean(KafkaSettings.class),
                        InstantSource.fixed(time),
                        new PrintWriter(out, true),
                        new PrintWriter(new StringWriter(), true))
                .run(ApiKeyArguments.read(List.of(words)));
        assertThat(code).isZero();
        return out.toString();
    }

    private UUID metric() {
        return UUID.fromString(
                http.post("/metrics", "{\"name\": \"cpu\"}").body().path("id").asText());
    }
}
