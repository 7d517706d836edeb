package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tailrace.backends.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and how they end when the service ends. */
class ConnectionsTest {
    @Test
    void oneConnectionTooManyIsAnswered503AndTheOthersGoOn() throws Exception {
        try (TestServer server = new TestServer(Map.of("tailrace.http.max-connections", 2));
                Socket first = server.connect();
                Socket second = server.connect()) {
            assertThat(ask(first)).startsWith("HTTP/1.1 200 ");
            assertThat(ask(second)).startsWith("HTTP/1.1 200 ");

            try (Socket third = server.connect()) {
                String refusal = new String(third.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

                assertThat(refusal)
                        .startsWith("HTTP/1.1 503 ")
                        .contains("retry-after: 5")
                        .contains("https://tailrace.io/problems/too-many-connections");
            }
            assertThat(ask(first)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void anEventSourceTooManyGetsNoAnswerSoThatItComesBackAndAProgramIsAnswered503() throws Exception {
        try (TestServer server = new TestServer(
                        Map.of("tailrace.http.max-connections", 1, "tailrace.http.refusal-wait", "20s"));
                Socket first = server.connect()) {
            // Before the others connect: connections are counted by their event loops, in any order.
            assertThat(ask(first)).startsWith("HTTP/1.1 200 ");
            String head = "GET /events?channels=news HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n"
                    + "Cache-Control: no-cache\r\n";

            try (Socket browser = server.connect();
                    Socket program = server.connect()) {
                browser.getOutputStream()
                        .write((head + "Sec-Fetch-Mode: cors\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                program.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));

                assertThat(browser.getInputStream().readAllBytes()).isEmpty();
                assertThat(new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 503 ");
            }
        }
    }

    @Test
    void oneConnectionTooManyIsAnswered503BeforeItIsReadIfEnoughAreAwaited() {
        try (TestServer server = new TestServer(
                Map.of("tailrace.http.max-connections-per-address", 1, "tailrace.http.max-refusals-waiting", 1))) {
            NettyServerCustomizer guard =
                    server.context().getBean(ConnectionGuard.class).customizer();
            EmbeddedChannel first = connection(guard, "198.51.100.7");

            EmbeddedChannel awaited = connection(guard, "198.51.100.7");
            EmbeddedChannel second = connection(guard, "198.51.100.7");

            assertThat(status(second)).isEqualTo("503");
            assertThat(second.isOpen()).isFalse();
            assertThat(awaited.outboundMessages()).isEmpty();
            awaited.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n", StandardCharsets.US_ASCII));
            assertThat(awaited.outboundMessages()).isEmpty();
            awaited.writeInbound(Unpooled.copiedBuffer("Host: a\r\n\r\n", StandardCharsets.US_ASCII));
            assertThat(status(awaited)).isEqualTo("503");
            assertThat(awaited.isOpen()).isFalse();
            assertThat(first.isOpen()).isTrue();
        }
    }

    private static String status(EmbeddedChannel channel) {
        ByteBuf refusal = channel.readOutbound();
        String text = refusal.toString(StandardCharsets.US_ASCII);
        refusal.release();
        return text.split(" ")[1];
    }

    @Test
    void oneConnectionTooManyOfAnAddressIsAnswered503AndThoseOfOthersGoOn() {
        try (TestServer server = new TestServer(
                Map.of("tailrace.http.max-connections-per-address", 2, "tailrace.http.max-refusals-waiting", 0))) {
            NettyServerCustomizer guard =
                    server.context().getBean(ConnectionGuard.class).customizer();
            EmbeddedChannel first = connection(guard, "198.51.100.7");
            EmbeddedChannel second = connection(guard, "198.51.100.7");

            EmbeddedChannel third = connection(guard, "198.51.100.7");

            ByteBuf refusal = third.readOutbound();
            assertThat(refusal.toString(StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("https://tailrace.io/problems/too-many-connections");
            refusal.release();
            assertThat(third.isOpen()).isFalse();
            assertThat(connection(guard, "198.51.100.8").isOpen()).isTrue();
            first.close();
            assertThat(connection(guard, "198.51.100.7").isOpen()).isTrue();
            assertThat(second.isOpen()).isTrue();
        }
    }

    private static EmbeddedChannel connection(NettyServerCustomizer guard, String address) {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter()) {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(InetAddress.ofLiteral(address), 1);
            }
        };
        var unused = guard.specializeForChannel(channel, NettyServerCustomizer.ChannelRole.CONNECTION);
        channel.runPendingTasks();
        return channel;
    }

    @Test
    void aRequestThatIsUnderWayIsAnsweredBeforeTheServiceEnds() throws Exception {
        TestServer server = new TestServer(Map.of());
        ProbeController probe = server.context().getBean(ProbeController.class);
        int port = server.port();
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> get(server, "/probe/slow"));
        Eventually.holds("the request is under way", () -> probe.arrived.getCount() == 0);

        CompletableFuture<Void> end = CompletableFuture.runAsync(server.context()::close);
        Eventually.holds("nobody is let in", () -> !accepts(port));
        probe.release.countDown();

        assertThat(Eventually.result("it is answered", answer).statusCode()).isEqualTo(200);
        Eventually.result("the service has ended", end);
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
    }

    private static HttpResponse<String> get(TestServer server, String path) {
        try {
            return server.get(path);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /health/liveness HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4096];
        int length = socket.getInputStream().read(answer);
        return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.US_ASCII);
    }
}
