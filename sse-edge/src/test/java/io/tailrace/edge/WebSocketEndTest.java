package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.Leaks;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.edge.testing.WebSocketClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How a WebSocket is changed and how it ends: by its token, its edge, its limits, its client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class WebSocketEndTest {
    private static final Pattern CONNECTION_ID = Pattern.compile("\"connection_id\":\"([^\"]+)\"");

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start(Map.of(
            "tailrace.edge.stream.heartbeat",
            "200ms",
            "tailrace.edge.stream.pong-timeout",
            "3s",
            "tailrace.edge.close-timeout",
            "1s"));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    void stop() {
        assertThat(Leaks.found()).isEmpty();
        http.close();
        edge.close();
    }

    @Test
    void endsNoLaterThanItsToken() {
        // given
        String token = TestTokens.token("42", Duration.ofSeconds(5), "logs:*:*");

        // when
        WebSocketClient client = WebSocketClient.open(
                edge.port(), "/events?channels=logs:w1:" + UUID.randomUUID() + "&access_token=" + token);
        client.next("stream.open");

        // then
        assertThat(client.next("stream.closing").data()).contains("token_expired", "\"reconnect\":false");
        client.awaitEnd();
        assertThat(client.closeStatus()).isEqualTo(1008);
        assertThat(client.closeReason()).isEqualTo("token_expired");
    }

    @Test
    void channelsAreAddedByPatchAndTheLastOneThatIsRevokedEndsIt() throws Exception {
        // given
        String first = "logs:w1:" + UUID.randomUUID();
        String second = "logs:w2:" + UUID.randomUUID();
        String token = TestTokens.token("42", Duration.ofMinutes(5), "logs:*:*");
        WebSocketClient client =
                WebSocketClient.open(edge.port(), "/events?channels=" + first, "Authorization: Bearer " + token);
        Matcher id = CONNECTION_ID.matcher(client.next("stream.open").data());
        assertThat(id.find()).isTrue();

        // when
        int added = patch(id.group(1), token, "{\"add\":[{\"channel\":\"" + second + "\",\"start\":\"earliest\"}]}");
        String told = client.next("stream.channels").data();
        broker.publish(second, "note", Numbered.json(7));
        int event = Numbered.number(client.events(1).getFirst());
        int renewed = patch(id.group(1), TestTokens.token("42", Duration.ofMinutes(5), "logs:w2:*"), "{}");
        String removed = client.next("stream.channels").data();
        int revoked = patch(id.group(1), TestTokens.token("42", Duration.ofMinutes(5), "news:*"), "{}");

        // then
        assertThat(added).isEqualTo(202);
        assertThat(told).contains("\"added\":[{\"channel\":\"" + second);
        assertThat(event).isEqualTo(7);
        assertThat(renewed).isEqualTo(202);
        assertThat(removed).contains("\"removed\":[{\"channel\":\"" + first + "\",\"reason\":\"access_revoked\"}]");
        assertThat(revoked).isEqualTo(202);
        assertThat(client.next("stream.closing").data()).contains("no_channels");
        client.awaitEnd();
        assertThat(client.closeStatus()).isEqualTo(1008);
    }

    @Test
    void isSentAwayWhenItsEdgeStops() throws Exception {
        // given
        RunningEdge stopping = RunningEdge.start(Map.of("tailrace.edge.close-timeout", "1s"));
        WebSocketClient client = WebSocketClient.open(stopping.port(), "/events?channels=news:a");
        WebSocketClient deaf =
                WebSocketClient.open(stopping.port(), "/events?channels=news:a").silent();
        client.next("stream.open");
        deaf.next("stream.open");

        // when
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);

        // then
        assertThat(client.next("stream.closing").data()).contains("draining", "\"reconnect\":true");
        assertThat(client.retryMs()).isPositive();
        client.awaitEnd();
        assertThat(client.closeStatus()).isEqualTo(1001);
        Eventually.holds("its Close", deaf::closeSeen);
        deaf.send(0x89, new byte[1]).awaitEnd();
        assertThat(deaf.taken()).noneMatch(message -> message.event().equals("broken"));
        Eventually.result("the edge has stopped", stopped);
    }

    @Test
    void makesRoomForANewerOneAndCountsAsOneOfTheStreams() {
        try (RunningEdge full = RunningEdge.start(
                Map.of("tailrace.edge.max-connections", 1, "tailrace.edge.connection-limit-policy", "close-oldest"))) {
            // given
            WebSocketClient first = WebSocketClient.open(full.port(), "/events?channels=news:a");
            first.next("stream.open");

            // when
            SseClient second = SseClient.open(full.port(), "/events?channels=news:a");

            // then
            second.next("stream.open");
            assertThat(first.next("stream.closing").data()).contains("overloaded");
            first.awaitEnd();
            assertThat(first.closeStatus()).isEqualTo(1013);
            second.close();
        }
    }

    @Test
    void aClientThatAnswersNoPingIsCutAndOneThatDoesIsNot() {
        // given
        String channel = Numbered.channel("news");
        WebSocketClient good = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        WebSocketClient dead =
                WebSocketClient.open(edge.port(), "/events?channels=" + channel).silent();
        good.next("stream.open");
        dead.next("stream.open");

        // when
        dead.awaitEnd();
        int pings = good.comments() + 10;
        Eventually.holds("more heartbeats", () -> good.comments() >= pings);

        // then
        assertThat(dead.closeSeen()).isFalse();
        assertThat(total("tailrace_edge_unanswered_total")).isPositive();
        publish(channel, 0, 1);
        assertThat(numbers(good.events(1))).containsExactly(0);
        good.close();
    }

    @Test
    void aClientThatIsCutOffOrSaysGoodbyeIsForgotten() {
        // given
        double before = total("tailrace_edge_connections");
        WebSocketClient reset = WebSocketClient.open(edge.port(), "/events?channels=news:a");
        WebSocketClient polite = WebSocketClient.open(edge.port(), "/events?channels=news:a");
        WebSocketClient mute = WebSocketClient.open(edge.port(), "/events?channels=news:a");
        reset.next("stream.open");
        polite.next("stream.open");
        mute.next("stream.open");

        // when
        reset.raw(new byte[] {(byte) 0x81, (byte) 0xff}).reset();
        polite.sendClose(4_321, "done");
        mute.send(0x88, new byte[0]);

        // then
        polite.awaitEnd();
        assertThat(polite.closeStatus()).isEqualTo(4_321);
        assertThat(polite.closeReason()).isEmpty();
        mute.awaitEnd();
        assertThat(mute.closeSeen()).isTrue();
        assertThat(mute.closeStatus()).isZero();
        Eventually.holds("none is left", () -> total("tailrace_edge_connections") <= before);
    }

    private int patch(String id, String token, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/events/" + id))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private double total(String metric) {
        try (SseClient client = SseClient.open(edge.port(), "/prometheus")) {
            return client.body()
                    .lines()
                    .filter(line -> line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
