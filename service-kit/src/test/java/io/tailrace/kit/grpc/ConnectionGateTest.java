package io.tailrace.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.kit.limit.ConnectionLimit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real server, real clients, and connections that say nothing. */
class ConnectionGateTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private @Nullable Server server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.shutdownNow();
        }
    }

    @Test
    void oneConnectionTooManyIsUnavailableAndTheOthersGoOn() throws Exception {
        // given
        ConnectionLimit limit = new ConnectionLimit(2, 0);
        int port = start(limit, null);
        ManagedChannel first = client(port);
        assertThat(health(first)).isEqualTo(ServingStatus.SERVING);
        Socket silent = new Socket(HERE, port);
        Eventually.holds("one that says nothing counts", () -> limit.open() == 2);

        // when
        ManagedChannel late = client(port);

        // then
        assertThatThrownBy(() -> health(late)).isInstanceOfSatisfying(StatusRuntimeException.class, fault -> assertThat(
                        fault.getStatus().getCode())
                .isEqualTo(Status.Code.UNAVAILABLE));
        late.shutdownNow();
        assertThat(refused("tailrace.grpc.connections.refused")).isPositive();
        assertThat(refused("tailrace.grpc.connections.refused.address")).isZero();
        assertThat(health(first)).isEqualTo(ServingStatus.SERVING);

        // and there is room again when one is closed
        silent.close();
        Eventually.holds("it is forgotten", () -> limit.open() == 1);
        ManagedChannel next = client(port);
        assertThat(health(next)).isEqualTo(ServingStatus.SERVING);
        next.shutdownNow();
        first.shutdownNow();
        Eventually.holds("nothing is left", () -> limit.open() == 0);
    }

    @Test
    void oneConnectionTooManyOfAnAddressIsClosed() throws Exception {
        ConnectionLimit limit = new ConnectionLimit(10, 1);
        int port = start(limit, "198.51.100.7");
        try (Socket first = new Socket(HERE, port)) {
            Eventually.holds("the first counts", () -> limit.open() == 1);

            try (Socket second = new Socket(HERE, port)) {
                assertThat(isServed(second)).isFalse();
            }

            assertThat(isServed(first)).isTrue();
            assertThat(refused("tailrace.grpc.connections.refused.address")).isEqualTo(1);
            assertThat(refused("tailrace.grpc.connections.refused")).isZero();
        }
    }

    private int start(ConnectionLimit limit, @Nullable String address) throws IOException {
        ConnectionGate gate = new ConnectionGate(limit, peer -> address, meters);
        Server made = NettyServerBuilder.forAddress(
                        new InetSocketAddress(HERE, 0), gate.guard(InsecureServerCredentials.create()))
                .addService(new HealthStatusManager().getHealthService())
                .build()
                .start();
        server = made;
        return made.getPort();
    }

    private static ManagedChannel client(int port) {
        return Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                .build();
    }

    private static ServingStatus health(ManagedChannel client) {
        return HealthGrpc.newBlockingStub(client)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private double refused(String counter) {
        return meters.get(counter).counter().count();
    }

    /** Whether the server answers the preface of HTTP/2 and an empty SETTINGS frame, and does not close the connection. */
    private static boolean isServed(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        try {
            socket.getOutputStream()
                    .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
            return socket.getInputStream().read() >= 0;
        } catch (SocketException reset) {
            return false;
        }
    }
}
