package io.tailrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestTokens;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class RefusalTest {
    private RunningEdge edge = RunningEdge.start(
            Map.of("tailrace.edge.allowed-origins", "https://app.example", "tailrace.http.head-timeout", "3s"));

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

    @ParameterizedTest
    @MethodSource("uselessCursors")
    void namesTheFaultOfACursor(CursorDecoding.Fault fault, String id) {
        for (SseClient client : List.of(
                SseClient.open(edge.port(), "/events?channels=news", "Last-Event-ID: " + id),
                SseClient.open(edge.port(), "/events?channels=news&last_event_id=" + id))) {
            assertThat(client.status()).isEqualTo(400);
            assertThat(client.body()).contains("/problems/invalid-cursor\"", fault.name());
            client.close();
        }
    }

    static Stream<Arguments> uselessCursors() {
        byte[] good = Base64.getUrlDecoder()
                .decode(CursorCodec.encode(new Cursor(List.of(new Cursor.TopicPosition(
                        7, new Generation(1), List.of(new Cursor.PartitionPosition(0, 100_000)))))));
        byte[] otherVersion = good.clone();
        otherVersion[0] = 9;
        byte[] damaged = good.clone();
        damaged[3] ^= 1;
        byte[] zeroNamespace = good.clone();
        zeroNamespace[1] = 0;
        return Stream.of(
                Arguments.of(CursorDecoding.Fault.NOT_BASE64URL, "!"),
                Arguments.of(CursorDecoding.Fault.TOO_LONG, "A".repeat(52_000)),
                Arguments.of(CursorDecoding.Fault.UNKNOWN_VERSION, text(otherVersion)),
                Arguments.of(CursorDecoding.Fault.CHECKSUM, text(damaged)),
                Arguments.of(CursorDecoding.Fault.TRUNCATED, text(sealed(Arrays.copyOf(good, good.length - 1)))),
                Arguments.of(CursorDecoding.Fault.TRAILING_BYTES, text(sealed(Arrays.copyOf(good, good.length + 1)))),
                Arguments.of(CursorDecoding.Fault.INVALID_NUMBER, text(sealed(zeroNamespace))));
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

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** With the checksum of the rest as the last byte: CRC-8, polynomial 0x07. */
    private static byte[] sealed(byte[] bytes) {
        int crc = 0;
        for (int i = 0; i < bytes.length - 1; i++) {
            crc ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x80) == 0 ? crc << 1 : crc << 1 ^ 0x107;
            }
        }
        byte[] result = bytes.clone();
        result[bytes.length - 1] = (byte) crc;
        return result;
    }
}
