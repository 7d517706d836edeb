package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What happens to the log under a stream: retention, a topic created anew, a broker that goes and comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class LogFaultTest {
    private static final String TOPIC = "tailrace.channels.show";
    private static final int PARTITIONS = 6;

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start(Map.of("tailrace.edge.tail.check-interval", "200ms"));

    @AfterAll
    void stop() {
        edge.close();
    }

    @Test
    void tellsWhatRetentionHasDeleted() {
        // given
        String channel = channel();
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + channel);
        first.next("stream.open");
        publish(channel, 0, 10);
        String id = first.events(3).getLast().id();
        first.close();
        RecordMetadata last = broker.publish(channel, "note", Numbered.json(10));
        try (RunningEdge other = RunningEdge.start()) {
            // when
            broker.deleteRecordsBelow(TOPIC, last.partition(), last.offset());
            SseClient second = SseClient.open(other.port(), "/events?channels=" + channel, "Last-Event-ID: " + id);

            // then
            Message gap = second.next("stream.gap");
            assertThat(gap.data()).contains(channel, "\"to\":" + last.offset(), "\"lost\":7");
            assertThat(numbers(second.events(1))).containsExactly(10);
            second.close();
        }
    }

    @Test
    void resetsAStreamWhoseIdIsBeyondTheEndOfTheLog() {
        // given
        String channel = channel();
        String id = changed(
                idOf(channel),
                position -> new PartitionPosition(position.partition(), position.nextOffset() + 1_000_000));

        // when
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel, "Last-Event-ID: " + id);

        // then
        assertThat(client.next("stream.open").data()).contains("beyond_end");
        publish(channel, 0, 1);
        assertThat(numbers(client.events(1))).containsExactly(0);
        client.close();
    }

    @Test
    void resetsAStreamWhoseIdIsOfAnotherGeneration() {
        // given
        String channel = channel();
        publish(channel, 0, 1);
        Cursor cursor = decoded(idOf(channel));
        TopicPosition topic = cursor.topics().getFirst();
        Generation other = new Generation(topic.generation().bits() ^ 1);
        String id = CursorCodec.encode(
                new Cursor(List.of(new TopicPosition(topic.namespace(), other, topic.partitions()))));

        // when
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel, "Last-Event-ID: " + id);

        // then
        assertThat(client.next("stream.open").data()).contains("other_generation");
        assertThat(numbers(client.events(1))).containsExactly(0);
        client.close();
    }

    @Test
    void resetsOpenStreamsWhenTheirTopicIsCreatedAnew() {
        // given
        String channel = channel();
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");
        publish(channel, 0, 1);
        client.events(1);

        // when
        broker.delete(TOPIC);
        broker.create(TOPIC, PARTITIONS);
        publish(channel, 1, 3);

        // then
        assertThat(client.next("stream.reset").data()).contains("other_generation", channel);
        assertThat(numbers(client.events(2))).isEqualTo(range(1, 3));
        client.close();
    }

    @Test
    void goesOnAfterTheBrokerWasAway() {
        // given
        String channel = channel();
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");
        publish(channel, 0, 5);

        // when
        broker.stop();
        SseClient newcomer = SseClient.open(edge.port(), "/events?channels=" + channel());
        SseClient stranger = SseClient.open(edge.port(), "/events?channels=user:1", "X-Other: partition");
        broker.start();
        publish(channel, 5, 10);

        // then
        assertThat(numbers(client.events(10))).isEqualTo(range(0, 10));
        newcomer.next("stream.open");
        assertThat(stranger.status()).isEqualTo(401);
        List.of(client, newcomer, stranger).forEach(SseClient::close);
    }

    @Test
    void tellsWhichChannelsHaveToWaitForABroker() {
        // given
        String live = channel();
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + live);
        first.next("stream.open");

        // when
        broker.stop();

        // then
        assertThat(first.next("stream.channels").data()).contains("unavailable", live);
        broker.start();
        assertThat(first.next("stream.channels").data()).contains("\"available\"", live);
        publish(live, 0, 1);
        assertThat(numbers(first.events(1))).containsExactly(0);
        first.close();
    }

    private String idOf(String channel) {
        try (SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel)) {
            return client.next("stream.open").id();
        }
    }

    private static String changed(String id, UnaryOperator<PartitionPosition> change) {
        TopicPosition topic = decoded(id).topics().getFirst();
        return CursorCodec.encode(new Cursor(List.of(new TopicPosition(
                topic.namespace(),
                topic.generation(),
                topic.partitions().stream().map(change).toList()))));
    }

    private static Cursor decoded(String id) {
        return ((CursorDecoding.Decoded) CursorCodec.decode(id)).cursor();
    }

    private static String channel() {
        String channel = Numbered.channel("show");
        assertThat(new Channel(channel).partition(PARTITIONS)).isNotNegative();
        return channel;
    }
}
