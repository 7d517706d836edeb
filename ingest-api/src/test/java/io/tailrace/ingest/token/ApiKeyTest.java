package io.tailrace.ingest.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.tailrace.backends.Eventually;
import io.tailrace.grpc.channels.v1.ChannelServiceGrpc;
import io.tailrace.grpc.channels.v1.NewEvent;
import io.tailrace.grpc.channels.v1.PublishRequest;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.kit.apikey.ApiKeyArguments;
import io.tailrace.kit.apikey.ApiKeyCommand;
import io.tailrace.kit.grpc.GrpcServer;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys of the command, at a real service. */
@Tag("server")
class ApiKeyTest {
    private static final String EVENT = "{\"type\": \"said\", \"data\": 1}";

    private final TestIngest ingest = TestIngest.shared();
    private final String subject = "etl-" + UUID.randomUUID();
    private final String room = "chat:" + UUID.randomUUID();
    private final String path = "/channels/" + room + "/events";

    @Test
    void a_key_is_good_over_http_and_grpc_until_it_is_revoked() {
        // given
        String key = command("--sub", subject, "--publish", "chat:*").strip();
        assertThat(key).startsWith("tlk_");

        // when it is known, then in the header of keys and in that of tokens
        Eventually.holds("the key is known", () -> status("X-Api-Key", key) == 202);
        assertThat(status("Authorization", "Bearer " + key)).isEqualTo(202);
        assertThat(grpc(key)).isEqualTo(Status.Code.OK);
        assertThat(ingest.anonymous()
                        .header("X-Api-Key", key)
                        .post("/channels/news:a/events", EVENT)
                        .status())
                .isEqualTo(403);

        // when
        String line = command("list")
                .lines()
                .filter(each -> each.contains(subject))
                .findFirst()
                .orElseThrow();
        assertThat(line).contains("publish chat:*").doesNotContain(key);
        command("revoke", line.split(" ")[0]);

        // then
        Eventually.holds("the key is void", () -> status("X-Api-Key", key) == 401);
        assertThat(grpc(key)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(command("list")).doesNotContain(subject);
    }

    @Test
    void what_is_no_key_lets_nobody_in() {
        // Until the service has read the topic, it answers 503.
        Eventually.holds("the keys are known", () -> status("X-Api-Key", "tlk_" + "a".repeat(43)) == 401);
        assertThat(status("X-Api-Key", "secret")).isEqualTo(401);
        assertThat(grpc("tlk_" + "a".repeat(43))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(run(new StringWriter(), "revoke", UUID.randomUUID().toString()))
                .isEqualTo(1);
        assertThat(run(new StringWriter(), "--sub", "a/b")).isEqualTo(1);
        assertThat(run(new StringWriter(), "--sub", "a", "--publish", "not a pattern"))
                .isEqualTo(1);
    }

    private int status(String header, String value) {
        return ingest.anonymous().header(header, value).post(path, EVENT).status();
    }

    private Status.Code grpc(String key) {
        ManagedChannel connection = Grpc.newChannelBuilderForAddress(
                        "127.0.0.1", ingest.bean(GrpcServer.class).port(), InsecureChannelCredentials.create())
                .build();
        try {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), key);
            ChannelServiceGrpc.ChannelServiceBlockingStub stub = ChannelServiceGrpc.newBlockingStub(connection)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(30, TimeUnit.SECONDS);
            PublishRequest request = PublishRequest.newBuilder()
                    .setChannel(room)
                    .addEvents(NewEvent.newBuilder().setType("said").setData("1"))
                    .build();
            StatusRuntimeException fault =
                    catchThrowableOfType(StatusRuntimeException.class, () -> stub.publish(request));
            return fault == null ? Status.Code.OK : fault.getStatus().getCode();
        } finally {
            connection.shutdownNow();
        }
    }

    private String command(String... words) {
        StringWriter out = new StringWriter();
        assertThat(run(out, words)).isZero();
        return out.toString();
    }

    private int run(StringWriter out, String... words) {
        return new ApiKeyCommand(
                        ingest.bean(KafkaSettings.class),
                        InstantSource.system(),
                        new PrintWriter(out, true),
                        new PrintWriter(new StringWriter(), true))
                .run(ApiKeyArguments.read(List.of(words)));
    }
}
