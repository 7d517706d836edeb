package io.tailrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestTokens;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTest {
    private RunningEdge edge = RunningEdge.start(
            Map.of("tailrace.edge.allowed-origins", "https://app.example", "tailrace.http.head-timeout", "300ms"));

    @BeforeAll
    void warm() {
        assertThat(SseClient.open(edge.port(), "/health").status()).isEqualTo(200);
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/events, 400, validation",
        "/events?channels=News, 400, validation",
        "/events?channels=news&start=now, 400, validation",
        "/events?channels=news&channels=news, 400, validation",
        "/events?channels=%zz, 400, bad-request",
        "/events?channels=news&last_event_id=%21, 400, invalid-cursor",
        "/events?channels=weather, 404, undeclared-namespace",
        "/events?channels=feed:42, 401, unauthorized",
        "/events?channels=news&access_token=x, 401, unauthorized",
    })
    void answersWithAProblem(String target, int status, String type) {
        try (SseClient client = SseClient.open(edge.port(), target)) {
            assertThat(client.status()).isEqualTo(status);
            assertThat(client.header("content-type")).isEqualTo("application/problem+json");
            assertThat(client.body()).contains("https://tailrace.io/problems/" + type + "\"");
        }
    }

    @Test
    void refusesTokensThatAreExpiredForeignOrUnsigned() {
        for (String token : new String[] {
            TestTokens.expired("logs:*:*"), TestTokens.foreign("logs:*:*"), TestTokens.unsigned("logs:*:*")
        }) {
            try (SseClient client =
                    SseClient.open(edge.port(), "/events?channels=news", "Authorization: Bearer " + token)) {
                assertThat(client.status()).isEqualTo(401);
                assertThat(client.header("www-authenticate")).contains("invalid_token");
                assertThat(client.body()).doesNotContain(token);
            }
        }
    }

    @Test
    void namesTheChannelsThatATokenDoesNotAllow() {
        String token = TestTokens.token("42", Duration.ofMinutes(1), "logs:w1:*");
        try (SseClient client =
                SseClient.open(edge.port(), "/events?channels=feed:42,logs:w1:a,logs:w2:b&access_token=" + token)) {
            assertThat(client.status()).isEqualTo(403);
            assertThat(client.body()).contains("logs:w2:b").doesNotContain("feed:42");
        }
    }

    @Test
    void refusesTenThousandChannels() {
        String names = IntStream.range(0, 10_000).mapToObj(i -> "news:" + i).collect(Collectors.joining(","));
        try (SseClient client = SseClient.open(edge.port(), "/events?channels=" + names)) {
            assertThat(client.status()).isEqualTo(400);
            assertThat(client.body()).contains("too-many-channels");
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, 405", "DELETE, 405", "PUT, 405"})
    void knowsNoOtherMethods(String method, int status) {
        String request = method + " /events?channels=news HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
        try (SseClient client = SseClient.send(edge.port(), request).read()) {
            assertThat(client.status()).isEqualTo(status);
            assertThat(client.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
        }
    }

    @Test
    void answersAPreflightOfAnAllowedOriginAlone() {
        try (SseClient allowed = options("https://app.example");
                SseClient foreign = options("https://evil.example")) {
            assertThat(allowed.status()).isEqualTo(204);
            assertThat(allowed.header("access-control-allow-origin")).isEqualTo("https://app.example");
            assertThat(allowed.header("access-control-allow-headers")).contains("last-event-id");
            assertThat(foreign.header("access-control-allow-origin")).isEmpty();
        }
    }

    @Test
    void keepsTheConnectionAfterARefusalAlsoWithABody() {
        // given
        String first = "GET /events HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";

        // when
        SseClient client = SseClient.send(edge.port(), first).read();
        int refused = client.status();
        client.write(SseClient.get("/health")).read();

        // then
        assertThat(refused).isEqualTo(400);
        assertThat(client.status()).isEqualTo(200);
        client.close();
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() {
        // given
        String both = SseClient.get("/health") + SseClient.get("/events");

        // when
        SseClient client = SseClient.send(edge.port(), both).read();

        // then
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.read().status()).isEqualTo(400);
        client.close();
    }

    @Test
    void answersHttp10() {
        try (SseClient client =
                SseClient.send(edge.port(), "GET /events HTTP/1.0\r\n\r\n").read()) {
            assertThat(client.status()).isEqualTo(400);
            assertThat(client.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void answersHeadWithoutBody() {
        String request = "HEAD /events?channels=news HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        try (SseClient client = SseClient.send(edge.port(), request).read()) {
            assertThat(client.status()).isEqualTo(200);
            client.awaitEnd();
        }
    }

    @Test
    void refusesARequestLineAndHeadersThatAreTooLong() {
        try (SseClient line = SseClient.open(edge.port(), "/events?channels=" + "a".repeat(300_000));
                SseClient headers = SseClient.open(edge.port(), "/events", "X: " + "a".repeat(100_000))) {
            assertThat(line.status()).isEqualTo(414);
            assertThat(headers.status()).isEqualTo(431);
        }
    }

    @Test
    void doesNotWaitForEverForARequest() {
        try (SseClient client = SseClient.send(edge.port(), "GET /ev").read()) {
            assertThat(client.status()).isEqualTo(408);
        }
    }

    private SseClient options(String origin) {
        return SseClient.send(
                        edge.port(),
                        "OPTIONS /events HTTP/1.1\r\nHost: x\r\nOrigin: " + origin
                                + "\r\nAccess-Control-Request-Method: GET\r\n\r\n")
                .read();
    }
}
