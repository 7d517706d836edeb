package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Opening, following, resuming. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class StreamTest {
    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start();

    @AfterAll
    void stop() {
        edge.close();
    }

    @Test
    void deliversWhatIsPublished() {
        // given
        String channel = channel();
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        Message open = client.next();

        // when
        broker.publish(channel, "note", "{\"n\":1}");

        // then
        Message event = client.next();
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("content-type")).startsWith("text/event-stream");
        assertThat(client.header("cache-control")).isEqualTo("no-cache, no-transform");
        assertThat(client.header("x-accel-buffering")).isEqualTo("no");
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
    void deliversOnlyTheChannelsThatWereAskedFor() {
        // given
        String channel = channel();
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");

        // when
        for (int i = 0; i < 20; i++) {
            broker.publish(channel(), "note", "{}");
        }
        broker.publish(channel, "note", "{\"mine\":true}");

        // then
        assertThat(client.next().data()).contains("\"mine\":true");
        client.close();
    }

    @Test
    void resumesAfterTheLastEventThatTheClientHas() {
        // given
        String channel = channel();
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + channel);
        first.next("stream.open");
        publish(channel, 0, 10);
        String id = first.events(4).getLast().id();
        first.reset();

        // when
        publish(channel, 10, 20);
        SseClient second = SseClient.open(edge.port(), "/events?channels=" + channel, "Last-Event-ID: " + id);

        // then
        assertThat(numbers(second.events(16))).isEqualTo(range(4, 20));
        second.close();
    }

    @Test
    void resumesAtTheOpeningWhenNothingHasComeYet() {
        // given
        String channel = channel();
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + channel);
        String id = first.next("stream.open").id();
        first.close();

        // when
        publish(channel, 0, 3);
        SseClient second = SseClient.open(edge.port(), "/events?channels=" + channel + "&last_event_id=" + id);

        // then
        assertThat(numbers(second.events(3))).isEqualTo(range(0, 3));
        second.close();
    }

    @Test
    void resumesOnAnotherEdge() {
        // given
        String channel = channel();
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + channel);
        first.next("stream.open");
        publish(channel, 0, 5);
        String id = first.events(2).getLast().id();
        first.close();

        try (RunningEdge other = RunningEdge.start()) {
            // when
            SseClient second = SseClient.open(other.port(), "/events?channels=" + channel, "Last-Event-ID: " + id);

            // then
            assertThat(numbers(second.events(3))).isEqualTo(range(2, 5));
            second.awaitCaughtUp();
            second.close();
        }
    }

    @Test
    void startsWithTheOldestEvent() {
        String channel = channel();
        publish(channel, 0, 50);
        SseClient client = SseClient.open(edge.port(), "/events?start=earliest&channels=" + channel);
        assertThat(numbers(client.events(50))).isEqualTo(range(0, 50));
        client.close();
    }

    @Test
    void startsWithTheLastEventsOfEachChannel() {
        // given
        String full = channel();
        String poor = channel();
        publish(poor, 0, 2);
        publish(full, 0, 600);
        // The last ones are those that the edge has read when it is asked; what comes then follows.
        SseClient reader = SseClient.open(edge.port(), "/events?start=earliest&channels=" + full + "," + poor);
        assertThat(reader.events(602)).hasSize(602);
        reader.close();

        // when
        SseClient client =
                SseClient.open(edge.port(), "/events?start=last:5&channels=" + full + "," + poor + "," + channel());

        // then
        List<Message> events = client.events(7);
        assertThat(numbers(of(full, events))).isEqualTo(range(595, 600));
        assertThat(numbers(of(poor, events))).isEqualTo(range(0, 2));
        client.close();
    }

    @Test
    void followsTheMetricsWithBareFrames() {
        // given
        SseClient client = SseClient.open(edge.port(), "/events/watch");
        Message connected = client.next();

        // when
        broker.publish("metrics", "metric_created", "{\"id\":\"1\",\"name\":\"cpu\"}");

        // then
        assertThat(connected.event()).isEqualTo("message");
        assertThat(connected.data()).isEqualTo("connected");
        Message event = client.next();
        assertThat(event.event()).isEqualTo("metric_created");
        assertThat(event.data()).isEqualTo("{\"id\":\"1\",\"name\":\"cpu\"}");
        client.close();
    }

    @Test
    void showsCommittedRecordsAlone() {
        // given
        String channel = channel();
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");
        var settings = broker.producerSettings();
        settings.put("transactional.id", UUID.randomUUID().toString());

        // when
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(TestBroker.record(new Channel(channel), "note", "1", "{\"n\":1}"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(TestBroker.record(new Channel(channel), "note", "2", "{\"n\":2}"));
            producer.commitTransaction();
        }
        publish(channel, 3, 4);

        // then
        assertThat(numbers(client.events(2))).containsExactly(2, 3);
        client.close();
    }

    @Test
    void movesTheCursorOfAQuietStreamOn() {
        // given
        String channel = channel();
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        String opened = client.next("stream.open").id();
        int partition = new Channel(channel).partition(6);

        // when
        String neighbour = channel();
        while (new Channel(neighbour).partition(6) != partition) {
            neighbour = channel();
        }
        broker.publish(neighbour, "note", "{}");

        // then
        assertThat(client.next("id").id()).isNotEqualTo(opened);
        client.close();
    }

    @Test
    void endsNoLaterThanItsToken() {
        // given
        String token = TestTokens.token("42", Duration.ofSeconds(5), "logs:*:*");
        String logs = "logs:w1:" + UUID.randomUUID();

        // when
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + logs + "&access_token=" + token);
        client.next("stream.open");

        // then
        assertThat(client.next("stream.closing").data()).contains("token_expired");
        client.awaitEnd();
    }

    @Test
    void answersHttp10WithAStream() {
        String channel = channel();
        SseClient client = SseClient.send(edge.port(), "GET /events?channels=" + channel + " HTTP/1.0\r\n\r\n")
                .read();
        client.next("stream.open");
        publish(channel, 0, 1);
        assertThat(numbers(client.events(1))).containsExactly(0);
        client.close();
    }

    @Test
    void opensAStreamBehindAPipelinedRequestAndIgnoresWhatFollows() {
        // given
        String channel = channel();

        // when
        SseClient client = SseClient.send(
                        edge.port(),
                        SseClient.get("/health")
                                + SseClient.get("/events?channels=" + channel)
                                + SseClient.get("/health"))
                .read();
        int health = client.status();
        client.read();

        // then
        client.next("stream.open");
        publish(channel, 0, 1);
        assertThat(health).isEqualTo(200);
        assertThat(numbers(client.events(1))).containsExactly(0);
        client.close();
    }

    @Test
    void ignoresALittleThatTheClientSaysAndEndsWhenItTalksOn() {
        // given
        String channel = channel();
        SseClient client = SseClient.send(
                        edge.port(),
                        "GET /events?channels=" + channel
                                + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nhello")
                .read();
        client.next("stream.open");

        // when
        client.write("more");
        publish(channel, 0, 1);
        List<Message> events = client.events(1);
        client.write("x".repeat(70_000));

        // then
        assertThat(numbers(events)).containsExactly(0);
        client.awaitEnd();
    }

    @Test
    void keepsAQuietConnectionAliveWithComments() {
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel());
        client.next("stream.open");
        Eventually.holds("a comment", () -> client.comments() > 0);
        client.close();
    }

    @Test
    void opensAThousandChannelsOnOneStream() {
        // given
        List<String> channels = IntStream.range(0, 1000)
                .mapToObj(i -> "news:" + UUID.randomUUID())
                .toList();

        // when
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + String.join(",", channels));
        client.next("stream.open");
        channels.stream().skip(900).forEach(channel -> broker.publish(channel, "note", "{\"n\":1}"));

        // then
        assertThat(client.events(100)).hasSize(100);
        // Four characters name a channel.
        assertThat(client.lastEventId().length()).isLessThan(4 * channels.size() + 100);
        client.close();
    }

    @Test
    void tellsABrowserThatItsIdIsOfNoUse() {
        // given
        String channel = channel();

        // when
        SseClient client = SseClient.open(
                edge.port(), "/events?channels=" + channel, "Last-Event-ID: nonsense", "Sec-Fetch-Mode: cors");

        // then
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.next("stream.open").data()).contains("\"resumed\":false");
        assertThat(client.next("stream.reset").data()).contains("malformed");
        publish(channel, 0, 1);
        assertThat(numbers(client.events(1))).containsExactly(0);
        client.close();
    }

    @Test
    void letsAPageOfAnotherOriginReadOnlyIfItIsAllowed() {
        try (RunningEdge open = RunningEdge.start(Map.of("tailrace.edge.allowed-origins", "*"))) {
            SseClient allowed = SseClient.open(open.port(), "/events?channels=news", "Origin: https://a.example");
            SseClient refused = SseClient.open(edge.port(), "/events?channels=news", "Origin: https://a.example");
            assertThat(allowed.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(refused.header("access-control-allow-origin")).isEmpty();
            allowed.close();
            refused.close();
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
