package io.tailrace.ingest.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.grpc.series.v1.PublishRequest;
import io.tailrace.grpc.series.v1.PublishResponse;
import io.tailrace.grpc.series.v1.Reading;
import io.tailrace.grpc.series.v1.Rejection;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.kit.apikey.ApiKeyArguments;
import io.tailrace.kit.apikey.ApiKeyCommand;
import io.tailrace.kit.grpc.GrpcServer;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Readings over gRPC, at a real service. */
@Tag("server")
class GrpcReadingsTest {
    private static final ManagedChannel CONNECTION = Grpc.newChannelBuilderForAddress(
                    "127.0.0.1", TestIngest.shared().bean(GrpcServer.class).port(), InsecureChannelCredentials.create())
            .build();

    private final String token = TestKeys.shared().publisher("none");
    private final Http http = TestIngest.shared().with(token);
    private final String client = "sensor-" + UUID.randomUUID();

    @AfterAll
    static void stop() {
        CONNECTION.shutdownNow();
    }

    @Test
    void readingsAreInTheLogWhenTheyAreAcknowledgedAndHaveTheSameIdsWhenTheyAreSentAgain() throws Exception {
        // given
        String metric = metric();
        Call first = new Call(token);

        // when
        first.send(client, reading(1, metric, 20.5), reading(2, metric, 21));
        first.send("", reading(3, metric, 22));

        // then
        assertThat(first.next().getAcknowledged()).isEqualTo(2);
        assertThat(first.next().getAcknowledged()).isEqualTo(3);
        first.halfClose();
        assertThat(first.status()).isEqualTo(Status.Code.OK);
        List<String> ids = ids(metric);
        assertThat(ids).hasSize(3).doesNotHaveDuplicates();

        // when what was acknowledged is sent again over another call
        Call second = new Call(token);
        second.send(client, reading(2, metric, 21), reading(3, metric, 22), reading(4, metric, 23));

        // then
        assertThat(second.next().getAcknowledged()).isEqualTo(4);
        assertThat(ids(metric).subList(3, 5)).isEqualTo(ids.subList(1, 3));
        assertThat(ids(metric).stream().distinct()).hasSize(4);
        second.halfClose();
        assertThat(second.status()).isEqualTo(Status.Code.OK);
        Eventually.holds("both calls are counted by method and status", () -> TestIngest.shared()
                .with(TestKeys.shared().operator())
                .text("/prometheus")
                .lines()
                .anyMatch(line -> line.startsWith("grpc_server_processing_duration_seconds_count")
                        && line.contains("method=\"Publish\"")
                        && line.contains("statusCode=\"OK\"")));
    }

    @Test
    void whatIsNoReadingIsNamedAndTheOthersAreTaken() throws Exception {
        String metric = metric();
        // Before that nobody knows whether the log has one that was not copied so far.
        Projections.copyMetrics();
        Call call = new Call(token);

        call.send(
                client,
                reading(1, metric, 1),
                reading(2, "no uuid", 1),
                reading(3, UUID.randomUUID().toString(), 1),
                reading(4, metric, 0),
                reading(5, metric, Double.NaN),
                reading(6, metric, Double.POSITIVE_INFINITY),
                reading(7, metric, -1),
                at(reading(8, metric, 1), -1),
                at(reading(9, metric, 1), 16_725_225_600L),
                at(reading(10, metric, 1), Long.MAX_VALUE),
                reading(11, metric, Double.NEGATIVE_INFINITY),
                reading(12, "m".repeat(10_240), 1),
                at(reading(13, metric, 2), 0),
                reading(14, metric, 2));

        PublishResponse response = call.next();
        assertThat(response.getAcknowledged()).isEqualTo(14);
        assertThat(response.getRejectionsList())
                .extracting(Rejection::getSequence)
                .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(response.getRejectionsList())
                .extracting(Rejection::getField)
                .containsExactly(
                        "metric_id",
                        "metric_id",
                        "value",
                        "value",
                        "value",
                        "value",
                        "timestamp",
                        "timestamp",
                        "timestamp",
                        "value",
                        "metric_id");
        assertThat(response.getRejectionsList())
                .allSatisfy(rejection -> assertThat(rejection.getReason()).hasSizeLessThan(300));
        assertThat(ids(metric)).as("one of 1970 among them").hasSize(3);
        call.halfClose();
    }

    @Test
    void whatIsNoRequestEndsTheCall() throws Exception {
        String metric = metric();

        assertThat(statusOf(token, "", reading(1, metric, 1))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(statusOf(token, "two words", reading(1, metric, 1))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(statusOf(token, client)).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(statusOf(token, client, reading(2, metric, 1), reading(2, metric, 1)))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(statusOf("nonsense", client, reading(1, metric, 1))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(ids(metric)).isEmpty();
    }

    @Test
    void anOpenCallEndsWithTheNextRequestAfterItsKeyWasRevoked() throws Exception {
        // given
        String metric = metric();
        String subject = "sensors-" + UUID.randomUUID();
        String key = keys("--sub", subject, "--publish", "chat:*").strip();
        Eventually.holds("the key is known", () -> publishes(key) == 202);
        Call call = new Call(key);
        call.send(client, reading(1, metric, 1));
        assertThat(call.next().getAcknowledged()).isEqualTo(1);

        // when
        String id = keys("list")
                .lines()
                .filter(line -> line.contains(subject))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
        keys("revoke", id);
        Eventually.holds("the key is void", () -> publishes(key) == 401);
        call.send("", reading(2, metric, 1));

        // then
        assertThat(call.status()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(ids(metric)).hasSize(1);
    }

    @Test
    void whatWasAcknowledgedBeforeAClientCancelsIsInTheLogAndItsNextCallGoesOn() throws Exception {
        String metric = metric();
        Call call = new Call(token);
        call.send(client, reading(1, metric, 1));
        assertThat(call.next().getAcknowledged()).isEqualTo(1);

        call.cancel();

        assertThat(call.status()).isEqualTo(Status.Code.CANCELLED);
        Call next = new Call(token);
        next.send(client, reading(2, metric, 1));
        assertThat(next.next().getAcknowledged()).isEqualTo(2);
        assertThat(ids(metric)).hasSize(2);
        next.halfClose();
        assertThat(next.status()).isEqualTo(Status.Code.OK);
    }

    @Test
    void whoMayNotSendIsToldBeforeTheFirstRequest() throws Exception {
        assertThat(new Call("nonsense").status()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aKeyWhoseTimeIsOverLetsNobodyIn() throws Exception {
        // given a key of an hour that was made two hours ago, and one that was made after it
        String expired = keys(InstantSource.offset(InstantSource.system(), Duration.ofHours(-2)), "--ttl=1h");
        String good = keys(InstantSource.system(), "--ttl=1h");
        Eventually.holds("the second key is known, and so is the first one", () -> publishes(good) == 202);

        // when, then
        assertThat(new Call(expired).status()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(publishes(expired)).isEqualTo(401);
        Call call = new Call(good);
        call.send(client, reading(1, metric(), 1));
        assertThat(call.next().getAcknowledged()).isEqualTo(1);
        call.halfClose();
    }

    private static String keys(InstantSource clock, String ttl) {
        return run(clock, "--sub", "sensors-" + UUID.randomUUID(), "--publish", "chat:*", ttl)
                .strip();
    }

    /** How it is answered when the holder of a key does what nobody may do without one. */
    private static int publishes(String key) {
        return TestIngest.shared()
                .with(key)
                .post("/channels/chat:keys/events", "{\"type\": \"said\", \"data\": 1}")
                .status();
    }

    /** What {@code ./tailrace apikey} prints. */
    private static String keys(String... words) {
        return run(InstantSource.system(), words);
    }

    private static String run(InstantSource clock, String... words) {
        StringWriter out = new StringWriter();
        int code = new ApiKeyCommand(
                        TestIngest.shared().bean(KafkaSettings.class),
                        clock,
                        new PrintWriter(out, true),
                        new PrintWriter(new StringWriter(), true))
                .run(ApiKeyArguments.read(List.of(words)));
        assertThat(code).isZero();
        return out.toString();
    }

    private String metric() {
        return http.post("/metrics", "{\"name\": \"temperature\"}")
                .body()
                .at("/id")
                .asText();
    }

    private static Reading reading(long sequence, String metric, double value) {
        return Reading.newBuilder()
                .setSequence(sequence)
                .setMetricId(metric)
                .setValue(value)
                .build();
    }

    private static Reading at(Reading reading, long seconds) {
        return reading.toBuilder()
                .setTimestamp(Timestamp.newBuilder().setSeconds(seconds))
                .build();
    }

    private static Status.Code statusOf(String bearer, String client, Reading... readings) throws Exception {
        Call call = new Call(bearer);
        call.send(client, readings);
        return call.status();
    }

    /** The ids of the events of a metric's readings, in the order of the log. */
    private static List<String> ids(String metric) {
        return TestLog.events(Topics.READINGS, metric).stream()
                .map(logged -> logged.event().id())
                .toList();
    }

    /** A call whose answers are taken one by one. */
    private static final class Call {
        private final BlockingQueue<PublishResponse> answers = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status.Code> status = new CompletableFuture<>();
        private final StreamObserver<PublishRequest> requests;

        Call(@Nullable String bearer) {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bearer);
            requests = SeriesServiceGrpc.newStub(CONNECTION)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .publish(new StreamObserver<>() {
                        @Override
                        public void onNext(PublishResponse response) {
                            answers.add(response);
                        }

                        @Override
                        public void onError(Throwable fault) {
                            status.complete(Status.fromThrowable(fault).getCode());
                        }

                        @Override
                        public void onCompleted() {
                            status.complete(Status.Code.OK);
                        }
                    });
        }

        void send(String client, Reading... readings) {
            requests.onNext(PublishRequest.newBuilder()
                    .setClientId(client)
                    .addAllReadings(List.of(readings))
                    .build());
        }

        void halfClose() {
            requests.onCompleted();
        }

        void cancel() {
            requests.onError(Status.CANCELLED.asRuntimeException());
        }

        PublishResponse next() throws InterruptedException {
            PublishResponse answer = answers.poll(30, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            return answer;
        }

        Status.Code status() throws Exception {
            return status.get(30, TimeUnit.SECONDS);
        }
    }
}
