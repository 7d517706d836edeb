package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.Http2Client;
import io.tailrace.edge.testing.Http2Stream;
import io.tailrace.edge.testing.Leaks;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many streams on one connection, each by the rules of HTTP/1.1. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class Http2Test {
    private static final Pattern UNSENT_BYTES = Pattern.compile("\"unsent_bytes\":(\\d+)");

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start(Map.of(
            "tailrace.edge.allowed-origins", "https://app.example",
            // Small, so that a stream that was not read has to be replayed from the log.
            "tailrace.edge.tail.window-bytes", "20000",
            "tailrace.edge.replay.chunk-bytes", "30000"));

    @AfterAll
    void stop() {
        assertThat(Leaks.found()).isEmpty();
        edge.close();
    }

    @Test
    void carriesManyStreamsOnOneConnection() {
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            // given
            List<String> channels = IntStream.range(0, 30)
                    .mapToObj(i -> Numbered.channel("news"))
                    .toList();
            List<Http2Stream> streams = channels.stream()
                    .map(channel -> connection.get("/events?channels=" + channel))
                    .toList();
            streams.forEach(stream -> stream.next("stream.open"));

            // when
            channels.forEach(channel -> publish(channel, 0, 3));

            // then
            for (Http2Stream stream : streams) {
                assertThat(numbers(stream.events(3))).isEqualTo(range(0, 3));
            }
            assertThat(streams.getFirst().status()).isEqualTo(200);
            assertThat(streams.getFirst().header("content-type")).startsWith("text/event-stream");
            assertThat(streams.getFirst().header("cache-control")).isEqualTo("no-cache, no-transform");
            assertThat(streams.getFirst().header("connection")).isEmpty();
        }
    }

    @Test
    void resumesAtTheCursorOfAnHttp1Stream() {
        // given
        String channel = Numbered.channel("news");
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + channel);
        first.next("stream.open");
        publish(channel, 0, 6);
        String id = first.events(2).getLast().id();
        first.close();

        try (Http2Client connection = Http2Client.connect(edge.port())) {
            // when
            Http2Stream second = connection.get("/events?channels=" + channel, "last-event-id: " + id);

            // then
            assertThat(numbers(second.events(4))).isEqualTo(range(2, 6));
        }
    }

    @Test
    void aStreamThatIsNotReadHoldsUpNoOtherAndMissesNothing() {
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            // given
            String channel = Numbered.channel("news");
            int events = 300;
            String padding = "x".repeat(20_000);
            Http2Stream slow = connection.get("/events?channels=" + channel);
            slow.next("stream.open");
            slow.pause();
            Http2Stream fast = connection.get("/events?channels=" + channel);
            fast.next("stream.open");

            // when
            for (int i = 0; i < events; i++) {
                broker.publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + padding + "\"}");
            }
            List<Integer> fastGot = numbers(fast.events(events));
            long unsent = mostUnsentBytes();
            slow.resume();

            // then
            assertThat(fastGot).isEqualTo(range(0, events));
            // High water and one more append, of the millions that were published.
            assertThat(unsent).isPositive().isLessThan(200_000);
            assertThat(numbers(slow.events(events))).isEqualTo(range(0, events));
        }
    }

    @Test
    void endsOneStreamWithItsTokenAndNoOther() {
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            // given
            String logs = "logs:w1:" + UUID.randomUUID();
            String news = Numbered.channel("news");
            String token = TestTokens.token("42", Duration.ofSeconds(5), "logs:w1:*");
            Http2Stream shortLived = connection.get("/events?channels=" + logs, "authorization: Bearer " + token);
            Http2Stream other = connection.get("/events?channels=" + news);
            other.next("stream.open");

            // when
            String closing = shortLived.next("stream.closing").data();
            shortLived.awaitEnd();
            publish(news, 0, 1);

            // then
            assertThat(closing).contains("token_expired");
            assertThat(numbers(other.events(1))).containsExactly(0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /events, 400, validation",
        "GET, /events?channels=news&last_event_id=%21, 400, invalid-cursor",
        "GET, /events?channels=weather, 404, undeclared-namespace",
        "GET, /events?channels=feed:42, 401, unauthorized",
        "POST, /events?channels=news, 405, method-not-allowed",
        "GET, /nothing, 404, not-found",
    })
    void answersWithAProblemAndKeepsTheConnection(String method, String target, int status, String type) {
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            Http2Stream refused = connection.send(method, target, true);

            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
            assertThat(refused.body()).contains("https://tailrace.io/problems/" + type + "\"");
            assertThat(connection.get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    void answersHeadAndPreflight() {
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            Http2Stream head = connection.send("HEAD", "/events?channels=news", true);
            Http2Stream preflight = connection.send(
                    "OPTIONS", "/events", true, "origin: https://app.example", "access-control-request-method: GET");
            Http2Stream stream = connection.get("/events?channels=news", "origin: https://app.example");

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("access-control-allow-headers")).contains("last-event-id");
            assertThat(stream.header("access-control-allow-origin")).isEqualTo("https://app.example");
        }
    }

    @Test
    void answersBeforeABodyHasComeAndWantsNoMoreOfIt() {
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            Http2Stream refused = connection.send("GET", "/events", false);

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.resetCode()).isZero();
            assertThat(connection.get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    void endsTheStreamOfAClientThatTalksOnAndNoOther() {
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            // given
            Http2Stream quiet = connection.get("/events?channels=news:a");
            Http2Stream talker = connection.send("GET", "/events?channels=news:b", false);
            quiet.next("stream.open");
            talker.next("stream.open");

            // when
            talker.write("x".repeat(40_000));
            talker.write("x".repeat(40_000));

            // then
            talker.awaitEnd();
            Eventually.holds("a comment", () -> quiet.comments() > 0);
            assertThat(quiet.hasEnded()).isFalse();
        }
    }

    @Test
    void forgetsStreamsThatAreResetAndThoseOfAConnectionThatIsCut() {
        try (RunningEdge own = RunningEdge.start(Map.of("tailrace.edge.max-connections", 3))) {
            // given
            Http2Client connection = Http2Client.connect(own.port());
            Http2Stream first = connection.get("/events?channels=news:a");
            Http2Stream second = connection.get("/events?channels=news:a");
            Http2Stream third = connection.get("/events?channels=news:a");
            List.of(first, second, third).forEach(stream -> stream.next("stream.open"));

            // when
            Http2Stream surplus = connection.get("/events?channels=news:a");

            // then
            assertThat(surplus.status()).isEqualTo(503);
            assertThat(Integer.parseInt(surplus.header("retry-after"))).isPositive();
            first.close();
            Eventually.holds("there is room again", () -> opens(connection));
            connection.close();
            try (Http2Client other = Http2Client.connect(own.port())) {
                Eventually.holds("no stream of the cut connection is left", () -> total(own, "connections") == 0);
                assertThat(opens(other)).isTrue();
            }
        }
    }

    @Test
    void sendsItsClientsAwayWhenItStops() throws Exception {
        RunningEdge own = RunningEdge.start();
        try (Http2Client connection = Http2Client.connect(own.port())) {
            Http2Stream first = connection.get("/events?channels=news:a");
            Http2Stream second = connection.get("/events/watch");
            first.next("stream.open");
            assertThat(second.next().data()).isEqualTo("connected");

            // when
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(own::close);

            // then
            assertThat(first.next("stream.closing").data()).contains("draining", "\"reconnect\":true");
            assertThat(second.next().data()).isEqualTo("disconnected");
            first.awaitEnd();
            second.awaitEnd();
            assertThat(connection.goAwayCode()).isZero();
            connection.awaitEnd();
            Eventually.result("the edge has stopped", stopped);
        }
    }

    @Test
    void ignoresAnUpgradeFromHttp1() {
        String channel = Numbered.channel("news");
        try (SseClient client = SseClient.open(
                edge.port(),
                "/events?channels=" + channel,
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA")) {
            client.next("stream.open");
            publish(channel, 0, 1);
            assertThat(client.status()).isEqualTo(200);
            assertThat(numbers(client.events(1))).containsExactly(0);
        }
    }

    private static boolean opens(Http2Client connection) {
        try (Http2Stream stream = connection.get("/events?channels=news:a")) {
            return stream.status() == 200;
        }
    }

    private long mostUnsentBytes() {
        try (SseClient client = SseClient.open(
                edge.port(),
                "/admin/connections?limit=1000",
                "Authorization: Bearer " + TestTokens.tokenOf("root", "admin"))) {
            return UNSENT_BYTES
                    .matcher(client.body())
                    .results()
                    .mapToLong(found -> Long.parseLong(found.group(1)))
                    .max()
                    .orElseThrow();
        }
    }

    private static double total(RunningEdge edge, String metric) {
        try (SseClient client = SseClient.open(edge.port(), "/prometheus")) {
            return client.body()
                    .lines()
                    .filter(line -> line.startsWith("tailrace_edge_" + metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
