package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.JdkWebSocket;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams over TLS, in the version of HTTP that the client and the edge agree on by ALPN. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class TlsTest {
    private final TestCertificate certificate = TestCertificate.create();
    private final RunningEdge edge = RunningEdge.start(certificate.settings());

    @AfterAll
    void stop() {
        edge.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void streamsOverTls(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(certificate.trusting())
                .build();
        try {
            // given
            String channel = Numbered.channel("news");
            URI target =
                    URI.create("https://127.0.0.1:" + edge.tlsPort() + "/events?start=earliest&channels=" + channel);

            // when
            HttpResponse<Stream<String>> answer = client.send(
                    HttpRequest.newBuilder(target)
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    HttpResponse.BodyHandlers.ofLines());
            publish(channel, 0, 2);

            // then
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(200);
            Iterator<String> lines = answer.body().iterator();
            assertThat(next(lines, "event: ")).isEqualTo("event: stream.open");
            next(lines, "event: note");
            assertThat(next(lines, "data: ")).contains("\"n\":0");
            next(lines, "event: note");
            assertThat(next(lines, "data: ")).contains("\"n\":1");
        } finally {
            client.shutdownNow();
        }
    }

    @Test
    void opensAWebSocketOverTls() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(certificate.trusting()).build();
        try {
            // given
            String channel = Numbered.channel("news");
            URI target = URI.create("wss://127.0.0.1:" + edge.tlsPort() + "/events?channels=" + channel);
            JdkWebSocket webSocket = JdkWebSocket.open(client, target);
            webSocket.next("stream.open");

            // when
            publish(channel, 0, 1);

            // then
            assertThat(webSocket.next("\"note\"")).contains("\"n\":0");
            Eventually.result("it is sent", webSocket.socket().sendText("hello", true));
            assertThat(webSocket.next("close")).startsWith("close 1003");
        } finally {
            client.shutdownNow();
        }
    }

    @Test
    void staysInClearTextAtTheOtherPort() {
        try (SseClient client = SseClient.open(edge.port(), "/events?channels=news:a")) {
            client.next("stream.open");
            assertThat(client.status()).isEqualTo(200);
        }
    }

    private static String next(Iterator<String> lines, String prefix) {
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith(prefix)) {
                return line;
            }
        }
        throw new AssertionError("the stream ended before " + prefix);
    }
}
