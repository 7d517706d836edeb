package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.JdkWebSocket;
import io.tailrace.edge.testing.Leaks;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.edge.testing.WebSocketClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Streams over WebSocket, and that they are the streams of SSE. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class WebSocketTest {
    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start(Map.of(
            // Small, so that whoever is away for a moment has to be replayed from the log.
            "tailrace.edge.tail.window-bytes", "20000",
            "tailrace.edge.replay.chunk-bytes", "30000"));

    @AfterAll
    void stop() {
        assertThat(Leaks.found()).isEmpty();
        edge.close();
    }

    @Test
    void deliversWhatIsPublished() {
        // given
        String channel = channel();
        WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        Message open = client.next();

        // when
        broker.publish(channel, "note", "{\"n\":1}");

        // then
        Message event = client.next();
        assertThat(client.header("sec-websocket-accept")).isEqualTo(WebSocketClient.ACCEPT);
        assertThat(client.header("sec-websocket-protocol")).isEmpty();
        assertThat(client.header("sec-websocket-extensions")).isEmpty();
        assertThat(client.retryMs()).isPositive();
        assertThat(open.event()).isEqualTo("stream.open");
        assertThat(open.data()).contains("connection_id", channel);
        assertThat(open.id()).isNotEmpty();
        assertThat(event.event()).isEqualTo("note");
        assertThat(event.data()).contains("\"channel\":\"" + channel + "\"", "\"data\":{\"n\":1}");
        assertThat(event.id()).isNotEqualTo(open.id());
        client.close();
    }

    @Test
    void speaksWithTheClientOfTheJdk() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            // given
            String channel = channel();
            URI uri = URI.create("ws://127.0.0.1:" + edge.port() + "/events?channels=" + channel);
            JdkWebSocket client = JdkWebSocket.open(http, uri, "tailrace.v1.json");
            assertThat(client.next()).contains("\"event\":\"stream.open\"");

            // when
            publish(channel, 0, 1);
            String event = client.next();
            client.socket().sendPing(ByteBuffer.wrap(new byte[7])).join();
            String pong = client.next();
            client.socket().sendClose(1000, "enough").join();

            // then
            assertThat(client.socket().getSubprotocol()).isEqualTo("tailrace.v1.json");
            assertThat(event).contains("\"event\":\"note\",\"data\":{\"channel\":\"" + channel, "\"data\":{\"n\":0}}}");
            assertThat(pong).isEqualTo("pong 7");
            assertThat(client.next()).startsWith("close 1000");
        }
    }

    @Test
    void readersOfBothKindsGetTheSameInTheSameOrder() {
        // given
        List<String> channels = IntStream.range(0, 5).mapToObj(i -> channel()).toList();
        String one = "/events?start=earliest&channels=" + channels.getFirst();
        String all = "/events?start=earliest&channels=" + String.join(",", channels);
        publish(channels.getFirst(), 0, 40);

        // when
        SseClient sse = SseClient.open(edge.port(), one);
        WebSocketClient webSocket = WebSocketClient.open(edge.port(), one);
        WebSocketClient many = WebSocketClient.open(edge.port(), all);
        for (int i = 40; i < 100; i++) {
            for (String channel : channels) {
                publish(channel, i, i + 1);
            }
        }

        // then
        List<Message> expected = sse.events(100);
        assertThat(numbers(expected)).isEqualTo(range(0, 100));
        assertThat(webSocket.events(100)).isEqualTo(expected);
        List<Message> got = many.events(340);
        for (String channel : channels) {
            int from = channel.equals(channels.getFirst()) ? 0 : 40;
            assertThat(numbers(of(channel, got))).isEqualTo(range(from, 100));
        }
        sse.close();
        webSocket.close();
        many.close();
    }

    @Test
    void resumesOnAnotherEdgeAndAsTheOtherKind() {
        // given
        String channel = channel();
        WebSocketClient first = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        first.next("stream.open");
        publish(channel, 0, 10);
        String id = first.events(4).getLast().id();
        first.reset();

        try (RunningEdge other = RunningEdge.start()) {
            // when
            String target = "/events?channels=" + channel + "&last_event_id=";
            WebSocketClient second = WebSocketClient.open(other.port(), target + id);
            List<Message> events = second.events(3);
            second.close();
            SseClient third =
                    SseClient.open(edge.port(), target + events.getLast().id());
            String fourthId = third.events(1).getLast().id();
            WebSocketClient fourth =
                    WebSocketClient.open(other.port(), "/events?channels=" + channel, "Last-Event-ID: " + fourthId);

            // then
            assertThat(numbers(events)).isEqualTo(range(4, 7));
            assertThat(numbers(fourth.events(2))).isEqualTo(range(8, 10));
            fourth.awaitCaughtUp();
            third.close();
            fourth.close();
        }
    }

    @Test
    void oneThatNeverReadsHoldsUpNobodyAndMissesNothing() {
        // given
        String channel = channel();
        String padding = "x".repeat(20_000);
        WebSocketClient slow = WebSocketClient.connect(edge.port(), "/events?channels=" + channel, 4_096);
        WebSocketClient fast = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        SseClient sse = SseClient.open(edge.port(), "/events?channels=" + channel);
        fast.next("stream.open");
        sse.next("stream.open");
        Eventually.holds("all are open", () -> admin().split("\"" + channel + "\"", -1).length == 4);

        // when
        for (int i = 0; i < 400; i++) {
            broker.publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + padding + "\"}");
        }
        List<Integer> fastGot = numbers(fast.events(400));
        List<Integer> sseGot = numbers(sse.events(400));
        assertThat(behind()).isGreaterThan(100);

        // then
        assertThat(fastGot).isEqualTo(range(0, 400));
        assertThat(sseGot).isEqualTo(range(0, 400));
        assertThat(numbers(slow.read().events(400))).isEqualTo(range(0, 400));
        fast.close();
        sse.close();
        slow.close();
    }

    @Test
    void messagesOfAnySizeArriveWhole() {
        // given
        String channel = channel();
        WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");
        int[] sizes = {0, 1, 60_000, 65_200, 65_260, 65_300, 65_320, 66_000, 3_000_000, 1};

        // when
        for (int i = 0; i < sizes.length; i++) {
            broker.publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + "x".repeat(sizes[i]) + "\"}");
        }

        // then
        List<Message> events = client.events(sizes.length);
        assertThat(numbers(events)).isEqualTo(range(0, sizes.length));
        assertThat(events.get(8).data()).hasSizeGreaterThan(3_000_000);
        client.close();
    }

    @Test
    void tellsWhatRetentionHasDeleted() {
        // given
        String channel = Numbered.channel("show");
        WebSocketClient first = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        first.next("stream.open");
        publish(channel, 0, 10);
        String id = first.events(3).getLast().id();
        first.close();
        RecordMetadata last = broker.publish(channel, "note", Numbered.json(10));
        try (RunningEdge other = RunningEdge.start()) {
            // when
            broker.deleteRecordsBelow(last.topic(), last.partition(), last.offset());
            WebSocketClient second =
                    WebSocketClient.open(other.port(), "/events?channels=" + channel + "&last_event_id=" + id);

            // then
            assertThat(second.next("stream.gap").data()).contains(channel, "\"to\":" + last.offset());
            assertThat(numbers(second.events(1))).containsExactly(10);
            second.close();
        }
    }

    @Test
    void movesTheCursorOfAQuietStreamOn() {
        // given
        String channel = channel();
        String neighbour = channel();
        WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        String opened = client.next("stream.open").id();
        int partition = broker.publish(channel, "note", "{\"n\":0}").partition();
        while (new io.tailrace.contracts.channel.Channel(neighbour).partition(6) != partition) {
            neighbour = channel();
        }
        String afterEvent = client.events(1).getLast().id();

        // when
        broker.publish(neighbour, "note", "{}");

        // then
        assertThat(client.next("id").id()).isNotIn(opened, afterEvent);
        client.close();
    }

    @Test
    void operatorsSeeHowAStreamTravels() {
        // given
        String channel = channel();
        WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");

        // then
        assertThat(admin()).containsPattern("\"transport\":\"websocket\"[^}]*\"" + channel + "\"");
        client.close();
        Eventually.holds("it is gone", () -> !admin().contains(channel));
    }

    @Test
    void aValueThatIsNoLineOrNoUtf8IsAMessageAllTheSame() {
        // given
        String channel = channel();
        WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");

        // when
        broker.publish(channel, "no\"te\\", "{\n  \"n\": 1,\r\n  \"text\": \"\u00e9\u4e2d\ud83d\ude00\"\n}");
        var record = TestBroker.record(
                new io.tailrace.contracts.channel.Channel(channel),
                "note",
                UUID.randomUUID().toString(),
                "{\"n\":2,\"text\":\"?\"}");
        record.value()[15] = (byte) 0xff;
        var unused = broker.producer().send(record);

        // then
        List<Message> events = client.events(2);
        assertThat(events.getFirst().event()).isEqualTo("no\"te\\");
        assertThat(events.getFirst().data()).endsWith("\"data\":{\"n\":1,\"text\":\"\u00e9\u4e2d\ud83d\ude00\"}}");
        assertThat(events.getLast().data()).endsWith("\"data\":{\"n\":2,\"text\":\"\ufffd\"}}");
        client.close();
    }

    private int behind() {
        var matcher = java.util.regex.Pattern.compile("\"behind\":(\\d+)").matcher(admin());
        int most = 0;
        while (matcher.find()) {
            most = Math.max(most, Integer.parseInt(matcher.group(1)));
        }
        return most;
    }

    private String admin() {
        try (SseClient client = SseClient.open(
                edge.port(),
                "/admin/connections?limit=1000",
                "Authorization: Bearer " + TestTokens.tokenOf("root", "admin"))) {
            return client.body();
        }
    }

    private static String channel() {
        return Numbered.channel("news");
    }

    private static List<Message> of(String channel, List<Message> events) {
        return events.stream()
                .filter(event -> event.data().contains("\"" + channel + "\""))
                .toList();
    }
}
