package io.tailrace.workers.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgeTls;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import io.tailrace.kit.grpc.InstallationHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a target is told in words, and without its address. */
@Tag("server")
class SourceFailureTest {
    private static final long LONG_MS = 60_000;

    private static Bridge bridge(String target, @Nullable BridgeTls tls) {
        return new Bridge(
                "b",
                target,
                tls,
                List.of(new BridgedMetric(TestSource.METRIC, "m")),
                Bridge.RAW,
                0,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    private static String local(int port) {
        return "127.0.0.1:" + port;
    }

    /** Calls a source until the call is over. */
    private static SourceFailure failure(Bridge bridge) throws Exception {
        return failure(bridge, TestBridges.channels(null));
    }

    private static SourceFailure failure(Bridge bridge, SourceChannels channels) throws Exception {
        ManagedChannel channel = channels.open(bridge);
        WatchRequest request =
                WatchRequest.newBuilder().setMetricId(TestSource.METRIC).build();
        try (SourceCall call = SourceCall.begin(channel, channels.headers(bridge), request, 8)) {
            while (true) {
                SourceCall.Arrival arrival = call.take(LONG_MS);
                if (arrival == null) {
                    throw new AssertionError("the call has no end");
                }
                if (arrival instanceof SourceCall.End(Status status)) {
                    SourceFailure failure = SourceFailure.of(status);
                    assertThat(failure.message()).doesNotContain("127.0.0.1", bridge.target());
                    return failure;
                }
            }
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aTargetThatIsHttpDoesNotSpeakGrpc() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            assertThat(failure(bridge(local(http.getAddress().getPort()), null)).type())
                    .isEqualTo("not_grpc");
        } finally {
            http.stop(0);
        }
    }

    @Test
    void aHostWithoutAnAddressIsToldAsSuch() throws Exception {
        assertThat(failure(bridge("no-such-host.invalid:9090", null)).type()).isEqualTo("unresolvable_host");
    }

    @Test
    void aPortAtWhichNobodyListensIsNotReachable() throws Exception {
        try (Socket taken = new Socket()) {
            // Nobody else gets the port, and nobody listens at it.
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThat(failure(bridge(local(taken.getLocalPort()), null)).type())
                    .isEqualTo("not_reachable");
        }
    }

    @Test
    void aCertificateWithAnotherNameIsRefusedAndTheRightNameTaken(@TempDir Path folder) throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "source.example.org");
        try (TestSource source = new TestSource(
                1,
                TlsServerCredentials.create(
                        certificate.certificate().toFile(), certificate.key().toFile()))) {
            source.refuse(Status.RESOURCE_EXHAUSTED);
            String target = local(source.port());
            String pem = Files.readString(certificate.certificate());

            SourceFailure wrong = failure(bridge(target, new BridgeTls("other.example.org", pem)));
            assertThat(wrong.type()).isEqualTo("tls_failed");
            assertThat(wrong.message()).contains("other.example.org");
            assertThat(failure(bridge(target, new BridgeTls("source.example.org", null)))
                            .type())
                    .isEqualTo("tls_failed");
            assertThat(failure(bridge(target, new BridgeTls("source.example.org", pem)))
                            .type())
                    .isEqualTo("source_busy");
            assertThat(failure(bridge(target, null)).type()).isEqualTo("disconnected");
        }
    }

    @Test
    void aTargetInClearTextDoesNotSpeakTls() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            assertThat(failure(bridge(local(source.port()), new BridgeTls(null, null)))
                            .type())
                    .isEqualTo("not_tls");
        }
    }

    @Test
    void aServerWithoutWatchIsToldAsSuch() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new HealthStatusManager().getHealthService())
                .build()
                .start();
        try {
            assertThat(failure(bridge(local(server.getPort()), null)).type()).isEqualTo("not_implemented");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void aServerOfThisInstallationRefusesItsOwnBridges() throws Exception {
        SeriesServiceGrpc.SeriesServiceImplBase service = new SeriesServiceGrpc.SeriesServiceImplBase() {
            @Override
            public void watch(WatchRequest request, StreamObserver<WatchResponse> client) {
                client.onError(Status.NOT_FOUND.asRuntimeException());
            }
        };
        InstallationHeader own = new InstallationHeader(() -> TestBridges.INSTALLATION);
        assertThat(own.addTo(new Metadata())).isTrue();
        InstallationHeader other = new InstallationHeader(() -> "another");
        assertThat(other.addTo(new Metadata())).isTrue();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(service, own))
                .build()
                .start();
        Server elsewhere = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(service, other))
                .build()
                .start();
        try {
            assertThat(failure(bridge(local(server.getPort()), null)).type()).isEqualTo("own_server");
            assertThat(failure(bridge(local(elsewhere.getPort()), null)).type()).isEqualTo("unknown_metric");
        } finally {
            server.shutdownNow();
            elsewhere.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, unknown_metric",
        "INVALID_ARGUMENT, refused",
        "UNIMPLEMENTED, not_implemented",
        "UNAUTHENTICATED, unauthenticated",
        "PERMISSION_DENIED, permission_denied",
        "RESOURCE_EXHAUSTED, source_busy",
        "UNAVAILABLE, disconnected",
        "INTERNAL, source_failed"
    })
    void whatTheSourceAnswersIsToldByItsStatus(Status.Code code, String type) throws Exception {
        try (TestSource source = TestSource.start(1)) {
            source.refuse(Status.fromCode(code).withDescription("line\nbreak"));
            SourceFailure failure = failure(bridge(local(source.port()), null));

            assertThat(failure.type()).isEqualTo(type);
            assertThat(failure.message()).doesNotContain("\n");
        }
    }

    @Test
    void aMessageThatIsLargerThanABridgeTakesIsToldAsSuch() throws Exception {
        try (TestSource source = TestSource.start(1)) {
            source.unit("x".repeat(70_000));

            assertThat(failure(bridge(local(source.port()), null)).type()).isEqualTo("invalid_message");
        }
    }

    @Test
    void theTokenOfABridgeIsSentToItsSourceAndNoOther(@TempDir Path folder) throws Exception {
        Path tokens = folder.resolve("tokens.properties");
        Files.writeString(tokens, "b=secret\nother=another\n");
        Metadata.Key<String> authorization = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
        try (TestSource source = TestSource.start(1)) {
            source.refuse(Status.UNAUTHENTICATED);
            var unusedWith = failure(bridge(local(source.port()), null), TestBridges.channels(tokens));
            var unusedWithout = failure(bridge(local(source.port()), null));

            assertThat(source.headers().get(0).get(authorization)).isEqualTo("Bearer secret");
            assertThat(source.headers().get(1).get(authorization)).isNull();
        }
    }
}
