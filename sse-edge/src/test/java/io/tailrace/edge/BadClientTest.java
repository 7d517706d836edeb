package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.testing.Http2Client;
import io.tailrace.edge.testing.Leaks;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Clients that behave badly, by accident or on purpose, beside one that behaves and must not notice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class BadClientTest {
    private static final Pattern UNSENT_BYTES = Pattern.compile("\"unsent_bytes\":(\\d+)");
    private static final String PADDING = "x".repeat(20_000);

    /** High water, one append more, and a frame that was begun; some of it may be counted twice on its way. */
    private static final long MOST_UNSENT_BYTES = 300_000;

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start(Map.of(
            "tailrace.edge.tail.window-bytes", "20000",
            "tailrace.edge.replay.chunk-bytes", "30000"));

    @AfterAll
    void stop() {
        assertThat(Leaks.found()).isEmpty();
        edge.close();
    }

    @Test
    void aClientThatTakesAByteNowAndThenCostsABoundedBufferAndMissesNothing() {
        // given
        String channel = Numbered.channel("news");
        SseClient slow = SseClient.send(
                edge.port(), SseClient.get("/events?channels=" + channel).getBytes(StandardCharsets.US_ASCII), 4_096);
        SseClient good = SseClient.open(edge.port(), "/events?channels=" + channel);
        good.next("stream.open");
        assertThat(slow.readByte()).isEqualTo('H');

        // when
        for (int i = 0; i < 300; i++) {
            broker.publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + PADDING + "\"}");
            assertThat(slow.readByte()).isPositive();
        }

        // then
        assertThat(numbers(good.events(300))).isEqualTo(range(0, 300));
        // The system takes some megabytes before bytes have to wait, and what the client lacks by then is read from the
        // log.
        Eventually.holds("the system takes no more", () -> mostUnsentBytes() > 0);
        assertThat(mostUnsentBytes()).isLessThan(MOST_UNSENT_BYTES);
        Numbered.publish(channel, 300, 301);
        assertThat(numbers(good.events(1))).containsExactly(300);
        good.close();
        slow.close();
    }

    @Test
    void aClientThatTakesNothingIsCutAfterAWhile() {
        try (RunningEdge own = RunningEdge.start(Map.of("tailrace.edge.stream.stall-timeout", "2s"))) {
            // given
            String channel = Numbered.channel("news");
            SseClient slow = SseClient.send(
                    own.port(),
                    SseClient.get("/events?channels=" + channel).getBytes(StandardCharsets.US_ASCII),
                    4_096);
            SseClient good = SseClient.open(own.port(), "/events?channels=" + channel);
            good.next("stream.open");
            Eventually.holds("both are open", () -> total(own, "tailrace_edge_connections") == 2);

            // when
            for (int i = 0; i < 400; i++) {
                broker.publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + PADDING + "\"}");
            }

            // then
            assertThat(numbers(good.events(400))).isEqualTo(range(0, 400));
            Eventually.holds("it is cut", () -> total(own, "tailrace_edge_connections") == 1);
            assertThat(total(own, "tailrace_edge_stalled_total")).isEqualTo(1);
            publish(channel, 400, 401);
            assertThat(numbers(good.events(1))).containsExactly(400);
            good.close();
            slow.close();
        }
    }

    @Test
    void aClientThatClosesItsHalfIsGone() {
        // given
        String channel = Numbered.channel("news");
        SseClient half = SseClient.open(edge.port(), "/events?channels=" + channel);
        half.next("stream.open");

        // when
        half.halfClose();

        // then
        half.awaitEnd();
        half.close();
    }

    @Test
    void clientsThatComeAndGoLeaveNothingBehind() {
        // given
        String channel = Numbered.channel("news");
        SseClient good = SseClient.open(edge.port(), "/events?channels=" + channel);
        good.next("stream.open");
        String request = SseClient.get("/events?channels=" + channel);
        double before = total(edge, "tailrace_edge_connections");

        // when
        for (int i = 0; i < 2_000; i++) {
            SseClient client =
                    SseClient.send(edge.port(), request.substring(0, i % 4 == 3 ? request.length() : i % 40));
            if (i % 2 == 0) {
                client.reset();
            } else {
                client.close();
            }
            if (i % 100 == 0) {
                broker.publish(channel, "note", Numbered.json(i / 100));
            }
        }

        // then
        assertThat(numbers(good.events(20))).isEqualTo(range(0, 20));
        Eventually.holds("only the good ones are left", () -> total(edge, "tailrace_edge_connections") <= before);
        // That one and the one that asks.
        Eventually.holds("no connection is left", () -> total(edge, "tailrace_http_connections") <= before + 1);
        good.close();
    }

    @Test
    void theLargestCursorIsReadWhereverItComes() {
        // given
        String channel = Numbered.channel("news");
        String id = CursorCodec.encode(largest());
        assertThat(id).hasSizeGreaterThan(49_000);

        // when
        SseClient header = SseClient.open(edge.port(), "/events?channels=" + channel, "Last-Event-ID: " + id);
        SseClient query = SseClient.open(edge.port(), "/events?channels=" + channel + "&last_event_id=" + id);
        try (Http2Client connection = Http2Client.connect(edge.port())) {
            var overHttp2 = connection.get("/events?channels=" + channel, "last-event-id: " + id);

            // then
            assertThat(header.next("stream.open").data()).contains("\"resumed\":true");
            assertThat(query.next("stream.open").data()).contains("\"resumed\":true");
            assertThat(overHttp2.next("stream.open").data()).contains("\"resumed\":true");
        }
        header.close();
        query.close();
    }

    /** Of namespaces that are not asked for, so that nothing is looked for at its offsets. */
    private static Cursor largest() {
        List<Cursor.TopicPosition> topics = new ArrayList<>();
        int left = Cursor.MAX_PARTITIONS;
        for (int namespace = 20; namespace <= 127; namespace++) {
            int count = left / (128 - namespace);
            left -= count;
            List<Cursor.PartitionPosition> partitions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int hash = Integer.MIN_VALUE + namespace * 100 + i;
                partitions.add(new Cursor.PartitionPosition(
                        i * 113,
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        new Cursor.Members.Known(List.of()),
                        List.of(new Cursor.LaggingChannel(hash, 0, Integer.MAX_VALUE))));
            }
            topics.add(new Cursor.TopicPosition(namespace, new Generation(0xffffff), partitions));
        }
        return new Cursor(topics);
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
                    .filter(line -> line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
