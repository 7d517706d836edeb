package io.tailrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding.Decoded;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.edge.testing.Follower;
import io.tailrace.edge.testing.Follower.Framing;
import io.tailrace.edge.testing.HistoryPages;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TruncatedLog;
import io.tailrace.edge.testing.TruncatedLog.Topic;
import io.tailrace.edge.testing.VersionOneCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three brokers, an unclean election that loses records which 200 streams have seen or not, and others at their offsets:
 * nobody takes these for those.
 */
@Tag("server")
class UncleanElectionTest {
    private static final List<Topic> TOPICS = List.of(
            new Topic(
                    Namespaces.builtIn().of(new Channel("show:1")).orElseThrow().topic(),
                    Namespaces.builtIn().of(new Channel("show:1")).orElseThrow().partitions()),
            new Topic(Topics.EDGE_CONTROL, 1));
    private static final int CHANNELS = 6;
    private static final int KEPT = 10;
    private static final int LOST_TO = 20;
    private static final int NEW_TO = 30;

    /** So much that a client which does not read has not been sent all of it. */
    private static final String PAD = "x".repeat(40_000);

    private final List<String> channels =
            IntStream.range(0, CHANNELS).mapToObj(i -> Numbered.channel("show")).toList();
    private final String bigChannel = Numbered.channel("show");
    private final List<Follower> followers = new ArrayList<>();

    @Test
    void noClientTakesARewrittenStretchForTheOldOne() throws Exception {
        try (TruncatedLog log = new TruncatedLog(TOPICS);
                RunningEdge edge = edge(log);
                RunningEdge other = edge(log)) {
            // given
            List<Follower> seen = channels.stream()
                    .map(channel -> Follower.live(edge, channel, Framing.SSE).read())
                    .toList();
            for (int i = 0; i < 60; i++) {
                followers.add(Follower.live(i % 3 == 0 ? other : edge, channel(i), Framing.of(i))
                        .read());
            }
            for (int i = 0; i < 20; i++) {
                followers.add(Follower.live(edge, bigChannel, Framing.of(i)));
            }
            followers.forEach(Follower::awaitOpen);
            write(log.brokers(), "kept", 0, KEPT);

            // when
            log.beginToLose();
            write(log.brokers(), "lost", KEPT, LOST_TO);
            seen.forEach(follower -> follower.await("lost", LOST_TO - 1));
            log.lose(TOPICS);
            comeBack(edge, seen, 0, 40);
            write(log.brokers(), "new", KEPT, LOST_TO - 5);
            write(log.brokers(), "new", LOST_TO - 5, NEW_TO);
            log.heal();
            comeBack(edge, seen, 40, 80);
            comeBack(other, seen, 80, 120);
            followers.forEach(Follower::read);

            // then
            followers.addAll(seen);
            assertThat(followers).hasSizeGreaterThanOrEqualTo(200);
            followers.forEach(follower -> follower.await("new", NEW_TO - 1));
            followers.forEach(follower -> follower.check(KEPT, NEW_TO));
            comeBackWithVersionOne(edge, seen);
            for (int i = 0; i < CHANNELS; i++) {
                readPages(i % 2 == 0 ? edge : other, channels.get(i), seen.get(i));
            }
        } finally {
            followers.forEach(Follower::close);
        }
    }

    /** With cursors of every kind. */
    private void comeBack(RunningEdge edge, List<Follower> seen, int from, int to) {
        for (int i = from; i < to; i++) {
            String channel = channel(i);
            Function<Integer, String> id = seen.get(i % CHANNELS)::idOf;
            Framing framing = Framing.of(i);
            followers.add(
                    switch (i / 4 % 8) {
                        case 0 -> Follower.resumed(edge, channel, framing, id.apply(4), 5);
                        case 1 -> Follower.resumed(edge, channel, framing, id.apply(KEPT - 1), KEPT);
                        case 2 -> Follower.resumed(edge, channel, framing, id.apply(KEPT + 4), KEPT + 5);
                        case 3 -> Follower.resumed(edge, channel, framing, id.apply(LOST_TO - 1), LOST_TO);
                        case 4 ->
                            Follower.resumed(edge, channel, framing, moved(id.apply(LOST_TO - 1), 1_000, 0), LOST_TO);
                        case 5 -> Follower.lastOrEarliest(edge, channel, framing, "earliest", KEPT);
                        case 6 ->
                            Follower.resumed(edge, channel, framing, moved(id.apply(LOST_TO - 1), 0, 1_000), LOST_TO);
                        default -> Follower.lastOrEarliest(edge, channel, framing, "last:3", KEPT);
                    });
            followers.getLast().read();
        }
    }

    /**
     * A cursor of version 1 has no epoch, so that nothing can be known: from before the divergence it is right, and inside of it
     * the client is served from its offset on, without a word.
     */
    private void comeBackWithVersionOne(RunningEdge edge, List<Follower> seen) {
        for (int i = 0; i < CHANNELS; i++) {
            Follower witness = seen.get(i);
            Follower before = Follower.resumed(
                    edge, channels.get(i), Framing.EVENT_SOURCE, VersionOneCursor.of(witness.idOf(4)), 5);
            Follower inside = Follower.resumed(
                    edge, channels.get(i), Framing.EVENT_SOURCE, VersionOneCursor.of(witness.idOf(14)), 15);
            followers.addAll(List.of(before.read(), inside.read()));
            before.await("new", NEW_TO - 1);
            inside.await("new", NEW_TO - 1);

            before.check(KEPT, NEW_TO);
            assertThat(inside.numbers("new")).isEqualTo(Numbered.range(15, NEW_TO));
            assertThat(inside.isToldTruncated()).isFalse();
        }
    }

    /** A page has nothing of what was lost, and a cursor of what was lost is told so, in both directions. */
    private static void readPages(RunningEdge edge, String channel, Follower witness) throws Exception {
        JsonNode newest = HistoryPages.page(edge, channel, "limit=1000");
        assertThat(HistoryPages.numbers(newest, "new"))
                .isEqualTo(Numbered.range(KEPT, NEW_TO).reversed());
        assertThat(HistoryPages.numbers(newest, "kept"))
                .isEqualTo(Numbered.range(0, KEPT).reversed());
        assertThat(HistoryPages.numbers(newest, "lost")).isEmpty();

        JsonNode known = HistoryPages.page(edge, channel, "limit=1000&after=" + witness.idOf(4));
        assertThat(known.has("reset")).isFalse();
        assertThat(HistoryPages.numbers(known, "kept")).isEqualTo(Numbered.range(5, KEPT));
        assertThat(HistoryPages.numbers(known, "new")).isEqualTo(Numbered.range(KEPT, NEW_TO));

        for (int lost : List.of(KEPT, KEPT + 4, LOST_TO - 1)) {
            JsonNode after = HistoryPages.page(edge, channel, "limit=1000&after=" + witness.idOf(lost));
            assertThat(after.at("/reset/reason").asText()).isEqualTo("truncated");
            assertThat(HistoryPages.numbers(after, "lost")).isEmpty();
            assertThat(HistoryPages.numbers(after, "new")).isEqualTo(Numbered.range(KEPT, NEW_TO));

            JsonNode before = HistoryPages.page(edge, channel, "limit=1000&before=" + witness.idOf(lost));
            assertThat(before.at("/reset/reason").asText()).isEqualTo("truncated");
            assertThat(HistoryPages.numbers(before, "lost")).isEmpty();
        }
    }

    private String channel(int i) {
        return channels.get(i % CHANNELS);
    }

    private void write(TestBroker brokers, String era, int from, int to) {
        // One of its own each time: a producer that has numbered records which were lost is refused once.
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(brokers.producerSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int n = from; n < to; n++) {
                for (String channel : channels) {
                    sent.add(producer.send(record(channel, era, n, "")));
                }
                sent.add(producer.send(record(bigChannel, era, n, PAD)));
            }
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String channel, String era, int n, String pad) {
        return TestBroker.record(
                new Channel(channel), era, UUID.randomUUID().toString(), "{\"n\":" + n + ",\"pad\":\"" + pad + "\"}");
    }

    /** The same cursor further on in the log, or in a later epoch. */
    private static String moved(String id, long offsets, int epochs) {
        TopicPosition topic =
                ((Decoded) CursorCodec.decode(id)).cursor().topics().getFirst();
        return CursorCodec.encode(new Cursor(List.of(new TopicPosition(
                topic.namespace(),
                topic.generation(),
                topic.partitions().stream()
                        .map(at -> new PartitionPosition(
                                at.partition(),
                                at.nextOffset() + offsets,
                                at.leaderEpoch() + epochs,
                                at.members(),
                                at.lagging()))
                        .toList()))));
    }

    private static RunningEdge edge(TruncatedLog log) {
        return RunningEdge.start(Map.of(
                "tailrace.kafka.bootstrap", log.brokers().bootstrap(),
                "tailrace.edge.tail.check-interval", "200ms",
                "tailrace.edge.tail.request-timeout", "2s"));
    }
}
