package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.edge.testing.WebSocketClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for a WebSocket that get none, and who may ask for one from where. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class WebSocketRefusalTest {
    private static final String APP = "Origin: https://app.example";
    private static final String EVIL = "Origin: https://evil.example";
    private static final String COOKIE =
            "Cookie: tailrace_token=" + TestTokens.token("42", Duration.ofMinutes(5), "logs:*:*");

    private final RunningEdge edge = RunningEdge.start(
            Map.of("tailrace.edge.allowed-origins", "https://app.example", "tailrace.edge.max-connections", 100));
    private final RunningEdge open = RunningEdge.start(Map.of("tailrace.edge.allowed-origins", "*"));

    @AfterAll
    void stop() {
        edge.close();
        open.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/events, 400, validation",
        "/events?channels=News, 400, validation",
        "/events?channels=news&start=now, 400, validation",
        "/events?channels=%zz, 400, bad-request",
        "/events?channels=news&last_event_id=%21, 400, invalid-cursor",
        "/events?channels=weather, 404, undeclared-namespace",
        "/events?channels=feed:42, 401, unauthorized",
        "/events?channels=news&access_token=x, 401, unauthorized",
        "/events/watch, 400, bad-request",
    })
    void isAnsweredAsARequestForSseIs(String target, int status, String type) {
        try (SseClient client = SseClient.open(edge.port(), target, WebSocketClient.upgrade())) {
            assertThat(client.status()).isEqualTo(status);
            assertThat(client.header("content-type")).isEqualTo("application/problem+json");
            assertThat(client.body()).contains("https://tailrace.io/problems/" + type + "\"");
            assertThat(client.write(SseClient.get("/health")).read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Connection: keep-alive, Upgrade | Connection: keep-alive | 400",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 8 | 426",
                "Sec-WebSocket-Version: 13 | X: y | 426",
                "Sec-WebSocket-Key | X | 400",
                "dGhlIHNhbXBsZSBub25jZQ== | dGhlIHNhbXBsZSBub25jZQ | 101",
                "dGhlIHNhbXBsZSBub25jZQ== | c2hvcnQ= | 400",
                "dGhlIHNhbXBsZSBub25jZQ== | !! | 400",
                "Upgrade: WebSocket | Upgrade: h2c | 200",
                "Upgrade: WebSocket | Upgrade: h2c, websocket | 101",
                "Sec-WebSocket-Version: 13 | Content-Length: 3 | 400",
            })
    void wantsTheHandshakeOfTheRfc(String replace, String by, int status) {
        String[] headers = Arrays.stream(WebSocketClient.upgrade())
                .map(header -> header.replace(replace, by))
                .toArray(String[]::new);
        try (SseClient client = SseClient.open(edge.port(), "/events?channels=news", headers)) {
            assertThat(client.status()).isEqualTo(status);
            assertThat(client.header("sec-websocket-version")).isEqualTo(status == 426 ? "13" : "");
            assertThat(client.header("connection").contains("upgrade")).isEqualTo(status == 426 || status == 101);
        }
    }

    @Test
    void answersHttp10AndHeadAsIfNoWebSocketWasAskedFor() {
        String upgrade = String.join("\r\n", WebSocketClient.upgrade()) + "\r\n\r\n";
        try (SseClient old = SseClient.send(edge.port(), "GET /events?channels=news HTTP/1.0\r\n" + upgrade)
                        .read();
                SseClient head = SseClient.send(
                                edge.port(), "HEAD /events?channels=news HTTP/1.1\r\nHost: x\r\n" + upgrade)
                        .read()) {
            assertThat(old.status()).isEqualTo(200);
            assertThat(head.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tailrace.v1.json | tailrace.v1.json",
                "mqtt, Tailrace.V1.json, x | tailrace.v1.json",
                "mqtt | ''",
                "tailrace.v2.json | ''",
            })
    void choosesTheSubprotocolThatItKnowsOrNone(String offered, String chosen) {
        try (WebSocketClient client = WebSocketClient.open(
                edge.port(),
                "/events?channels=news",
                "Sec-WebSocket-Protocol: " + offered,
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")) {
            assertThat(client.header("sec-websocket-protocol")).isEqualTo(chosen);
            assertThat(client.header("sec-websocket-extensions")).isEmpty();
            client.next("stream.open");
        }
    }

    @Test
    void aPageOfAnotherOriginMustNotUseTheCookie() {
        String target = "/events?channels=logs:w1:a";
        assertThat(status(edge, target, COOKIE, EVIL)).isEqualTo(403);
        assertThat(status(edge, target, COOKIE, "Origin: null")).isEqualTo(403);
        assertThat(status(edge, target, COOKIE, "Origin: https://localhost.evil.example"))
                .isEqualTo(403);
        assertThat(status(edge, "/events?channels=news", EVIL)).isEqualTo(403);
        assertThat(status(open, target, COOKIE, EVIL)).isEqualTo(401);
        assertThat(status(open, "/events?channels=news", COOKIE, EVIL)).isEqualTo(101);
    }

    @Test
    void whereAPageIsFromIsTheBrowsersWordOrThatOfATrustedProxy() {
        String target = "/events?channels=logs:w1:a";
        String forwarded = "X-Forwarded-Host: evil.example";
        assertThat(status(edge, target, COOKIE, EVIL, "Sec-Fetch-Site: same-origin"))
                .isEqualTo(101);
        assertThat(status(edge, target, COOKIE, EVIL, "Sec-Fetch-Site: same-site"))
                .isEqualTo(403);
        assertThat(status(edge, target, COOKIE, "Origin: http://localhost", "Sec-Fetch-Site: cross-site"))
                .isEqualTo(403);
        assertThat(status(edge, target, COOKIE, EVIL, forwarded)).isEqualTo(403);
        try (RunningEdge behindProxy = RunningEdge.start(Map.of("tailrace.limits.trusted-proxies", "127.0.0.1"))) {
            assertThat(status(behindProxy, target, COOKIE, EVIL, forwarded)).isEqualTo(101);
            assertThat(status(behindProxy, target, COOKIE, APP, forwarded)).isEqualTo(403);
        }
    }

    @Test
    void whoeverElseHasItMay() {
        String target = "/events?channels=logs:w1:a";
        String token = TestTokens.token("42", Duration.ofMinutes(5), "logs:*:*");
        assertThat(status(edge, target, COOKIE)).isEqualTo(101);
        assertThat(status(edge, target, COOKIE, APP)).isEqualTo(101);
        assertThat(status(edge, target, COOKIE, "Origin: http://LOCALHOST")).isEqualTo(101);
        assertThat(status(edge, target + "&access_token=" + token, EVIL)).isEqualTo(101);
        assertThat(status(edge, target, "Authorization: Bearer " + token, EVIL)).isEqualTo(101);
    }

    @Test
    void tellsAPageThatItsIdIsOfNoUseBecauseItCannotReadA400() {
        // given
        String channel = Numbered.channel("news");

        // when
        WebSocketClient client =
                WebSocketClient.open(edge.port(), "/events?last_event_id=nonsense&channels=" + channel, APP);

        // then
        assertThat(client.next("stream.open").data()).contains("\"resumed\":false");
        assertThat(client.next("stream.reset").data()).contains("malformed");
        publish(channel, 0, 1);
        assertThat(numbers(client.events(1))).containsExactly(0);
        client.close();
    }

    @Test
    void isRefusedWhenThereAreAsManyStreamsAsThereMayBe() {
        try (RunningEdge full = RunningEdge.start(Map.of("tailrace.edge.max-connections", 1));
                WebSocketClient first = WebSocketClient.open(full.port(), "/events?channels=news")) {
            first.next("stream.open");
            try (SseClient second = SseClient.open(full.port(), "/events?channels=news", WebSocketClient.upgrade())) {
                assertThat(second.status()).isEqualTo(503);
                assertThat(Integer.parseInt(second.header("retry-after"))).isPositive();
                assertThat(second.body()).contains("too-many-connections");
            }
        }
    }

    private static int status(RunningEdge edge, String target, String... headers) {
        try (SseClient client = SseClient.open(edge.port(), target, WebSocketClient.upgrade(headers))) {
            return client.status();
        }
    }
}
