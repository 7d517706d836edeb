package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.tailrace.backends.Eventually;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** Clients that send their request a byte at a time, against the real server with short deadlines. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SlowClientsTest {
    private static final int CLIENTS = 50;

    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer(Map.of(
                "tailrace.http.head-timeout", "500ms",
                "tailrace.http.request-timeout", "500ms",
                "tailrace.http.keep-alive-timeout", "500ms",
                "probe.pipeline", true));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aHeadThatTricklesIsEndedWith408() throws Exception {
        assertThat(trickle("", "GET /probe/whoami HTTP/1.1\r\nHost: a\r\nX-Slow: "))
                .startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aBodyThatTricklesIsEndedWith408() throws Exception {
        String head = "POST /probe/tree HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100000\r\n\r\n";

        assertThat(trickle(head, "\"")).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void nobodyElseSuffersFromManySlowClients() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                Socket socket = server.connect();
                slow.add(socket);
                socket.getOutputStream().write("GET /probe/whoami HT".getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(server.get("/probe/whoami").statusCode()).isEqualTo(200);
            for (Socket socket : slow) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 408 ");
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws Exception {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(all).startsWith("HTTP/1.1 200 ").doesNotContain(" 408 ");
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleIsNoIncident() throws Exception {
        Logger incidents = (Logger) LoggerFactory.getLogger("io.tailrace.kit.problem.ProblemResponder");
        Logger requests = (Logger) LoggerFactory.getLogger("io.tailrace.request");
        RecordedLines lines = new RecordedLines();
        lines.start();
        incidents.addAppender(lines);
        requests.addAppender(lines);
        try {
            try (Socket socket = server.connect()) {
                socket.getOutputStream()
                        .write(("POST /probe/tree HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 1000\r\n\r\n[1,")
                                .getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(lines.until("POST /probe/tree 400 "))
                    // The clients of the other tests may still be told off.
                    .allMatch(line -> line.contains(" 408 "));
        } finally {
            incidents.detachAppender(lines);
            requests.detachAppender(lines);
        }
    }

    @Test
    void othersMayPutHandlersInFrontOfMicronautsAndTheDeadlineStaysNextToTheCodec() throws Exception {
        assertThat(server.get("/probe/whoami").statusCode()).isEqualTo(200);

        List<String> names = server.context().getBean(PipelineProbe.class).names();

        int deadline = names.indexOf(RequestDeadline.NAME);
        assertThat(names.get(deadline - 1)).startsWith("HttpServerCodec");
        assertThat(names.get(deadline + 1)).isEqualTo(PipelineProbe.NAME);
        assertThat(names.indexOf(ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND))
                .isGreaterThan(deadline + 1);
    }

    @Test
    void theTransportIsEpollWhereThereIsOne() throws Exception {
        assertThat(server.get("/probe/whoami").statusCode()).isEqualTo(200);

        assertThat(server.context().getBean(PipelineProbe.class).channelType())
                .startsWith(Epoll.isAvailable() ? "Epoll" : "Nio");
    }

    /** Sends single bytes until the server ends the connection, and returns what it said. */
    private String trickle(String atOnce, String thenSlowly) throws IOException, InterruptedException {
        try (Socket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(atOnce.getBytes(StandardCharsets.US_ASCII));
            out.write(thenSlowly.getBytes(StandardCharsets.US_ASCII));
            BlockingQueue<String> answer = new LinkedBlockingQueue<>();
            Thread reader = Thread.ofVirtual().start(() -> answer.add(readAll(socket)));
            String said = null;
            try {
                for (int i = 0; i < 1000 && said == null; i++) {
                    out.write('x');
                    said = answer.poll(20, TimeUnit.MILLISECONDS);
                }
            } catch (IOException e) {
                said = answer.poll(20, TimeUnit.SECONDS);
            }
            Eventually.ends("the answer of a client that trickles", reader);
            return String.valueOf(said);
        }
    }

    private static String readAll(Socket socket) {
        StringBuilder all = new StringBuilder();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                all.append((char) b);
            }
        } catch (IOException e) {
            // The client still sends when the server closes: a reset after the answer is as good as an end.
            return all.toString();
        }
        return all.toString();
    }

    /** What is logged, to wait for. */
    private static final class RecordedLines extends AppenderBase<ILoggingEvent> {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }

        /** What comes before a line that begins like this. */
        List<String> until(String beginning) {
            List<String> before = new ArrayList<>();
            Eventually.holds(() -> "a line " + beginning + " after " + before, () -> {
                for (String line = lines.poll(); line != null; line = lines.poll()) {
                    if (line.startsWith(beginning)) {
                        return true;
                    }
                    before.add(line);
                }
                return false;
            });
            return before;
        }
    }

    /** Inserts a handler behind the codec, as the edge does. */
    @Singleton
    @Requires(property = "probe.pipeline")
    static class PipelineProbe implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
        static final String NAME = "probe-handler";

        private volatile List<String> names = List.of();
        private volatile String channelType = "";

        @Override
        public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
            event.getBean().register(new Customizer(null));
            return event.getBean();
        }

        /** The pipeline of the connection that was read last, while it was. */
        List<String> names() {
            return names;
        }

        String channelType() {
            return channelType;
        }

        private final class Customizer implements NettyServerCustomizer {
            private final @Nullable Channel channel;

            private Customizer(@Nullable Channel channel) {
                this.channel = channel;
            }

            @Override
            public NettyServerCustomizer specializeForChannel(Channel connection, ChannelRole role) {
                return new Customizer(connection);
            }

            @Override
            public void onStreamPipelineBuilt() {
                if (channel != null) {
                    GuardedPipeline.addFirst(channel.pipeline(), NAME, new Pass());
                }
            }
        }

        private final class Pass extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                names = context.pipeline().names();
                channelType = context.channel().getClass().getSimpleName();
                context.fireChannelRead(message);
            }
        }
    }
}
