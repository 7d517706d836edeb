package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.edge.testing.GrpcClients;
import io.tailrace.edge.testing.GrpcSubscription;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.PlayedSeries;
import io.tailrace.edge.testing.QueryStandIn;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestApiKeys;
import io.tailrace.edge.testing.WatchClient;
import io.tailrace.edge.testing.WebSocketClient;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import io.tailrace.kit.apikey.ApiKeys;
import io.tailrace.kit.security.TokenVerifier;
import io.tailrace.kit.security.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An edge, which has no database, knows keys from the log. */
@Tag("server")
class ApiKeyStreamTest {
    @Test
    void streamsOfARevokedKeyEndAndDoNotComeBack() {
        try (RunningEdge edge = RunningEdge.start(Map.of("tailrace.grpc.enabled", true))) {
            // given
            ManagedChannel connection = GrpcClients.connect(edge);
            String subject = "reader-" + UUID.randomUUID();
            String key = TestApiKeys.make(subject, "--subscribe", "logs:*");
            SubscribeRequest request = SubscribeRequest.newBuilder()
                    .addChannels(Numbered.channel("logs"))
                    .build();
            Eventually.holds("the key is known", () -> sse(edge, request, key) == 200);
            GrpcSubscription stream = GrpcSubscription.connect(connection, request, CallOptions.DEFAULT, key)
                    .read();
            stream.next("stream.open");

            // when
            TestApiKeys.revoke(subject);

            // then
            stream.next("stream.closing");
            assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            GrpcSubscription again = GrpcSubscription.connect(connection, request, CallOptions.DEFAULT, key)
                    .read();
            assertThat(again.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(again.status().getDescription()).contains("revoked");
            assertThat(sse(edge, request, key)).isEqualTo(401);
            connection.shutdownNow();
        }
    }

    @Test
    void aWatchOfARevokedKeyEndsAndDoesNotComeBackWithItsCursor() {
        try (QueryStandIn queries = QueryStandIn.start();
                RunningEdge edge = RunningEdge.start(
                        Map.of("tailrace.grpc.enabled", true, "tailrace.edge.watch.target", queries.target()))) {
            // given
            ManagedChannel connection = GrpcClients.connect(edge);
            PlayedSeries series = queries.series();
            series.add(WatchTest.BASE_MS, 1);
            series.copyAll();
            WatchRequest request = WatchTest.history(series).build();
            String subject = "reader-" + UUID.randomUUID();
            String key = TestApiKeys.make(subject, "--subscribe", "series:*:*");
            Eventually.holds(
                    "the key is known", () -> edge.part(ApiKeys.class).knows("api-key:" + TestApiKeys.id(subject)));
            WatchClient watch = WatchClient.connect(connection, request, CallOptions.DEFAULT, key)
                    .read();
            watch.await("it is live", received -> received.stream().anyMatch(WatchResponse::hasCaughtUp));

            // when
            TestApiKeys.revoke(subject);

            // then
            assertThat(watch.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            String cursor = watch.received().getLast().getCursor();
            WatchClient again = WatchClient.connect(
                            connection, request.toBuilder().setCursor(cursor).build(), CallOptions.DEFAULT, key)
                    .read();
            assertThat(again.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(again.status().getDescription()).contains("revoked");
            assertThat(again.received()).isEmpty();
            connection.shutdownNow();
        }
    }

    @Test
    void anExpiredKeyOpensNeitherAStreamNorAWatch() {
        try (RunningEdge edge = RunningEdge.start(Map.of("tailrace.grpc.enabled", true))) {
            // given
            ManagedChannel connection = GrpcClients.connect(edge);
            String subject = "late-" + UUID.randomUUID();
            String key = TestApiKeys.makeAt(
                    Instant.now().minus(Duration.ofHours(2)), subject, "--subscribe", "logs:*", "--ttl", "1h");
            Eventually.holds(
                    "the key is known", () -> edge.part(ApiKeys.class).knows("api-key:" + TestApiKeys.id(subject)));

            // when
            WatchClient watch = WatchClient.connect(
                            connection,
                            WatchRequest.newBuilder()
                                    .setMetricId(UUID.randomUUID().toString())
                                    .build(),
                            CallOptions.DEFAULT,
                            key)
                    .read();
            SubscribeRequest request = SubscribeRequest.newBuilder()
                    .addChannels(Numbered.channel("logs"))
                    .build();
            GrpcSubscription stream = GrpcSubscription.connect(connection, request, CallOptions.DEFAULT, key)
                    .read();

            // then
            assertThat(watch.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(watch.status().getDescription()).contains("expired");
            assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(sse(edge, request, key)).isEqualTo(401);
            connection.shutdownNow();
        }
    }

    /** Keys are good when they are asked for the first time, and revoked from then on; and nobody is told of that. */
    @Test
    void aStreamOfAKeyThatIsRevokedWhileItOpensEnds() {
        try (RunningEdge edge = RunningEdge.start(Map.of("tailrace.grpc.enabled", true))) {
            // given
            Grants grants = new Grants("etl", Set.of(), List.of(ChannelPattern.parse("logs:*")), List.of());
            Verification good = new Verification.Valid(grants, Instant.now().plus(Duration.ofHours(1)), "api-key:1");
            Set<String> asked = ConcurrentHashMap.newKeySet();
            edge.part(TokenVerifier.class).acceptKeys(text -> {
                if (!text.startsWith("tlk_")) {
                    return null;
                }
                return asked.add(text) ? good : new Verification.Invalid(Verification.Reason.UNKNOWN_API_KEY);
            });
            SubscribeRequest request = SubscribeRequest.newBuilder()
                    .addChannels(Numbered.channel("logs"))
                    .build();
            String target = "/events?channels=" + request.getChannels(0);
            ManagedChannel connection = GrpcClients.connect(edge);

            // when
            GrpcSubscription grpc = GrpcSubscription.connect(connection, request, CallOptions.DEFAULT, "tlk_1")
                    .read();
            SseClient sse = SseClient.open(edge.port(), target, "X-Api-Key: tlk_2");
            WebSocketClient webSocket = WebSocketClient.open(edge.port(), target, "X-Api-Key: tlk_3");

            // then
            assertThat(grpc.next("stream.closing").data()).contains("admin");
            assertThat(grpc.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(sse.next("stream.closing").data()).contains("admin");
            assertThat(webSocket.next("stream.closing").data()).contains("admin");
            sse.close();
            webSocket.close();
            connection.shutdownNow();
        }
    }

    private static int sse(RunningEdge edge, SubscribeRequest request, String key) {
        try (SseClient client =
                SseClient.open(edge.port(), "/events?channels=" + request.getChannels(0), "X-Api-Key: " + key)) {
            return client.status();
        }
    }
}
