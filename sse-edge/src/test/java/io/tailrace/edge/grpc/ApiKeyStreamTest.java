package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.GrpcClients;
import io.tailrace.edge.testing.GrpcSubscription;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import io.tailrace.kit.apikey.ApiKeyArguments;
import io.tailrace.kit.apikey.ApiKeyCommand;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An edge, which has no database, knows keys from the log. */
class ApiKeyStreamTest {
    @Test
    void streamsOfARevokedKeyEndAndDoNotComeBack() {
        try (RunningEdge edge = RunningEdge.start(Map.of("tailrace.grpc.enabled", true))) {
            // given
            ManagedChannel connection = GrpcClients.connect(edge);
            String subject = "reader-" + UUID.randomUUID();
            String key = command("--sub", subject, "--subscribe", "logs:*").strip();
            SubscribeRequest request = SubscribeRequest.newBuilder()
                    .addChannels(Numbered.channel("logs"))
                    .build();
            Eventually.holds("the key is known", () -> sse(edge, request, key) == 200);
            GrpcSubscription stream = GrpcSubscription.connect(connection, request, CallOptions.DEFAULT, key)
                    .read();
            stream.next("stream.open");

            // when
            command(
                    "revoke",
                    command("list")
                            .lines()
                            .filter(line -> line.contains(subject))
                            .findFirst()
                            .orElseThrow()
                            .split(" ")[0]);

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

    private static int sse(RunningEdge edge, SubscribeRequest request, String key) {
        try (SseClient client =
                SseClient.open(edge.port(), "/events?channels=" + request.getChannels(0), "X-Api-Key: " + key)) {
            return client.status();
        }
    }

    private static String command(String... words) {
        StringWriter out = new StringWriter();
        int status = new ApiKeyCommand(
                        KafkaSettings.of(TestBroker.shared().bootstrap()),
                        InstantSource.system(),
                        new PrintWriter(out, true),
                        new PrintWriter(new StringWriter(), true))
                .run(ApiKeyArguments.read(List.of(words)));
        assertThat(status).isZero();
        return out.toString();
    }
}
