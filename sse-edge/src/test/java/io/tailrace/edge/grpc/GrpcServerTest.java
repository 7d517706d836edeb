package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.edge.testing.GrpcClients;
import io.tailrace.edge.testing.GrpcSubscription;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.TestCertificate;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.grpc.channels.v1.ChannelServiceGrpc;
import io.tailrace.grpc.channels.v1.PublishRequest;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an edge refuses over gRPC and how, health, reflection and TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class GrpcServerTest {
    private final RunningEdge edge = RunningEdge.start(Map.of("tailrace.grpc.enabled", true));
    private final ManagedChannel connection = GrpcClients.connect(edge);

    @AfterAll
    void stop() {
        connection.shutdownNow();
        edge.close();
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere:a, '', '', 0, NOT_FOUND, UNDECLARED_NAMESPACE, channels",
        "news:a b, '', '', 0, INVALID_ARGUMENT, VALIDATION, channels[0]",
        "'news:a,news:b', '', '', 0, INVALID_ARGUMENT, VALIDATION, channels[0]",
        "'', '', '', 0, INVALID_ARGUMENT, VALIDATION, channels",
        "news:a, soon, '', 0, INVALID_ARGUMENT, VALIDATION, start",
        "news:a, last:0, '', 0, INVALID_ARGUMENT, VALIDATION, start",
        "news:a, '', nonsense, 0, INVALID_ARGUMENT, INVALID_CURSOR, cursor",
        "news:a, '', '', 301, INVALID_ARGUMENT, VALIDATION, heartbeat_seconds",
        "news:a, '', '', -1, INVALID_ARGUMENT, VALIDATION, heartbeat_seconds",
    })
    void badInputIsRefusedByField(
            String channel, String start, String cursor, int heartbeat, Status.Code code, String reason, String field) {
        SubscribeRequest.Builder request =
                SubscribeRequest.newBuilder().setStart(start).setCursor(cursor).setHeartbeatSeconds(heartbeat);
        if (!channel.isEmpty()) {
            request.addChannels(channel);
        }

        GrpcSubscription refused = connect(request.build(), null);

        assertThat(refused.status().getCode()).isEqualTo(code);
        assertThat(GrpcClients.details(refused.status(), refused.trailers())).containsExactly(reason, field);
    }

    @Test
    void whoIsNotAllowedIsTold() {
        SubscribeRequest request =
                SubscribeRequest.newBuilder().addChannels("logs:a:b").build();

        GrpcSubscription nobody = connect(request, null);
        GrpcSubscription late = connect(request, TestTokens.expired("logs:**"));
        GrpcSubscription forged = connect(request, TestTokens.foreign("logs:**"));
        GrpcSubscription other = connect(request, TestTokens.token("other", Duration.ofMinutes(1), "logs:x:*"));

        assertThat(nobody.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(GrpcClients.details(nobody.status(), nobody.trailers())).containsExactly("UNAUTHORIZED");
        assertThat(late.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(late.status().getDescription()).contains("expired");
        assertThat(forged.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(other.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(GrpcClients.details(other.status(), other.trailers())).containsExactly("FORBIDDEN", "channels");
    }

    @Test
    void aMessageThatIsTooLargeEndsItsCallAlone() {
        GrpcSubscription large = connect(
                SubscribeRequest.newBuilder().addChannels("n".repeat(5 << 20)).build(), null);

        assertThat(large.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void healthIsThatOfTheServerAndOfItsServices() {
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health("tailrace.channels.v1.ChannelService")).isEqualTo(ServingStatus.SERVING);
        assertThat(edge.part(MeterRegistry.class)
                        .get("tailrace.grpc.connections")
                        .gauge()
                        .value())
                .isPositive();
        assertThatThrownBy(() -> health("nothing"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        fault -> assertThat(fault.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void reflectionNamesAndDescribesTheServices() throws Exception {
        ServerReflectionResponse list =
                reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
        ServerReflectionResponse file = reflect(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("tailrace.channels.v1.ChannelService")
                .build());

        assertThat(list.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .containsExactlyInAnyOrder(
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection",
                        "tailrace.channels.v1.ChannelService",
                        "tailrace.series.v1.SeriesService");
        assertThat(file.getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isEqualTo(1);
    }

    @Test
    void whatAnotherServiceAnswersIsUnimplemented() {
        assertThatThrownBy(() ->
                        ChannelServiceGrpc.newBlockingStub(connection).publish(PublishRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        fault -> assertThat(fault.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    @Test
    void tlsIsSpokenToThoseWhoTrustTheCertificateAndNameItsServer() throws Exception {
        TestCertificate certificate = TestCertificate.create();
        Map<String, Object> settings = new HashMap<>(certificate.grpcSettings());
        settings.put("tailrace.grpc.enabled", true);
        try (RunningEdge own = RunningEdge.start(settings)) {
            var trusting = TlsChannelCredentials.newBuilder()
                    .trustManager(certificate.certificateFile().toFile())
                    .build();
            ManagedChannel right = GrpcClients.connect(own, "localhost", trusting);
            ManagedChannel wrong = GrpcClients.connect(own, "example.com", trusting);
            ManagedChannel clear = GrpcClients.connect(own);

            GrpcSubscription.open(right, "", "", "news:a").next("stream.open");
            assertThat(GrpcSubscription.open(wrong, "", "", "news:a").status().getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(GrpcSubscription.open(clear, "", "", "news:a").status().getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
            List.of(right, wrong, clear).forEach(ManagedChannel::shutdownNow);
        }
    }

    private GrpcSubscription connect(SubscribeRequest request, @Nullable String token) {
        return GrpcSubscription.connect(connection, request, CallOptions.DEFAULT, token)
                .read();
    }

    private ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(connection)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    private ServerReflectionResponse reflect(ServerReflectionRequest request) throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        var asking = ServerReflectionGrpc.newStub(connection).serverReflectionInfo(new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable fault) {
                answer.completeExceptionally(fault);
            }

            @Override
            public void onCompleted() {}
        });
        asking.onNext(request);
        asking.onCompleted();
        return answer.get(30, TimeUnit.SECONDS);
    }
}
