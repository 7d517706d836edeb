package io.tailrace.ingest.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.kit.answer.AnswerProtocol;
import io.tailrace.kit.answer.AnswerProvider;
import io.tailrace.kit.outbound.OutboundHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class ProviderProbeTest {
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final AtomicLong nowNs = new AtomicLong();
    private final ProviderProbe probe =
            new ProviderProbe(TestIngest.shared().bean(OutboundHttp.class), _ -> "k-1", nowNs::get);
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/v1/models", exchange -> {
            var headers = exchange.getRequestHeaders();
            keys.add(headers.getFirst("Authorization") + " " + headers.getFirst("x-api-key"));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private AnswerProvider provider(AnswerProtocol protocol) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
        return new AnswerProvider(protocol.label(), protocol, url, "SOME_KEY");
    }

    @Test
    void eachProtocolHasItsOwnHeaderForTheKeyAndAnAnswerIsKeptForAWhile() {
        assertThat(probe.reach(provider(AnswerProtocol.OPENAI)).isReachable()).isTrue();
        assertThat(probe.reach(provider(AnswerProtocol.ANTHROPIC)).isReachable())
                .isTrue();
        assertThat(probe.reach(provider(AnswerProtocol.OPENAI)).isReachable()).isTrue();

        assertThat(keys).containsExactly("Bearer k-1 null", "null k-1");
        nowNs.addAndGet(TimeUnit.SECONDS.toNanos(16));
        assertThat(probe.reach(provider(AnswerProtocol.OPENAI)).isReachable()).isTrue();
        assertThat(keys).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"404, ", "405, ", "401, it answers 401", "403, it answers 403"})
    void aServerWithoutAListIsThereAndOneThatRefusesTheKeyIsNot(int answer, String reason) {
        status = answer;

        assertThat(probe.reach(provider(AnswerProtocol.OPENAI)).reason()).isEqualTo(reason);
    }
}
