package io.tailrace.workers.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.kafka.DeadLetter;
import io.tailrace.kit.kafka.DeadLetters;
import io.tailrace.workers.testing.TestBroker;
import io.tailrace.workers.testing.TestDispatcher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each test has a consumer of its own that could not use its records. */
@Timeout(300)
@Tag("server")
class RedriveHandlerTest {
    private static final TestBroker BROKER = TestBroker.shared();

    private final String consumer = "projections/" + UUID.randomUUID();
    private final String key = UUID.randomUUID() + "/" + UUID.randomUUID();
    private final RedriveHandler handler = new RedriveHandler(BROKER.settings());

    @BeforeAll
    static void topics() {
        TestDispatcher.makeTopics();
    }

    private static ConsumerRecord<byte[], byte[]> written(String topic, String key, @Nullable String value) {
        byte @Nullable [] bytes = value == null ? null : value.getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 1, key.getBytes(UTF_8), bytes);
        record.headers().add("ce_type", "something".getBytes(UTF_8));
        RecordMetadata at = BROKER.send(record);
        ConsumerRecord<byte[], byte[]> read =
                new ConsumerRecord<>(topic, at.partition(), at.offset(), key.getBytes(UTF_8), bytes);
        record.headers().forEach(read.headers()::add);
        return read;
    }

    private static ConsumerRecord<byte[], byte[]> dead(ConsumerRecord<byte[], byte[]> original, String consumer) {
        BROKER.send(DeadLetters.of(original, consumer, "no reason"));
        return original;
    }

    private Map<String, Object> run(String of, @Nullable Integer most, boolean dry) throws Exception {
        return handler.run(new RedrivePayload(null, of, most, dry), FakeJob.first());
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
        return BROKER.records(topic, 1).stream()
                .filter(record -> new String(record.key(), UTF_8).equals(key))
                .toList();
    }

    /** The letters of a consumer that are there. */
    private static long letters(String of) {
        Map<String, Boolean> there = new HashMap<>();
        BROKER.records(Topics.DEAD_LETTERS, 0).forEach(record -> {
            if (new String(record.key(), UTF_8).endsWith("/" + of)) {
                there.put(new String(record.key(), UTF_8), record.value() != null);
            }
        });
        return there.values().stream().filter(is -> is).count();
    }

    @Test
    void aRecordIsWrittenAgainAsARepetitionAndItsLetterIsTakenAway() throws Exception {
        dead(written(Topics.POSTS, key, "a post"), consumer);

        Map<String, Object> result = run(consumer, null, false);
        Map<String, Object> again = run(consumer, null, false);

        assertThat(result)
                .containsEntry("letters", 1L)
                .containsEntry("by_topic", Map.of(Topics.POSTS, 1L))
                .containsEntry("left", Map.of());
        assertThat(again).containsEntry("letters", 0L);
        List<ConsumerRecord<byte[], byte[]>> posts = records(Topics.POSTS, key);
        assertThat(posts).hasSize(2);
        assertThat(posts.getLast().value()).isEqualTo("a post".getBytes(UTF_8));
        assertThat(posts.getLast().headers().lastHeader("ce_type").value()).isEqualTo("something".getBytes(UTF_8));
        assertThat(posts.getLast().headers().lastHeader(Event.HEADER_REPEATED)).isNotNull();
        assertThat(posts.getLast().headers().lastHeader(DeadLetters.HEADER_REASON))
                .isNull();
        assertThat(letters(consumer)).isZero();
    }

    @Test
    void whatTheDispatcherCouldNotUseWasNotDeliveredAndIsNoRepetition() throws Exception {
        String dispatcher = "event-dispatcher/" + UUID.randomUUID();
        dead(written(Topics.METRICS, key, "a metric"), dispatcher);

        run(dispatcher, null, false);

        assertThat(records(Topics.METRICS, key))
                .hasSize(2)
                .allMatch(record -> record.headers().lastHeader(Event.HEADER_REPEATED) == null);
    }

    @Test
    void aRecordThatTwoCouldNotUseIsWrittenOnce() throws Exception {
        ConsumerRecord<byte[], byte[]> original = written(Topics.USERS, key, "a user");
        dead(original, consumer);
        dead(original, "search-indexer/users");

        Map<String, Object> result = handler.run(new RedrivePayload(Topics.USERS, null, null, null), FakeJob.first());

        assertThat(result).containsEntry("letters", 2L);
        assertThat(records(Topics.USERS, key)).hasSize(2);
    }

    @Test
    void aTombstoneGoesBackAsATombstone() throws Exception {
        dead(written(Topics.FOLLOWS, key, null), consumer);

        run(consumer, null, false);

        assertThat(records(Topics.FOLLOWS, key)).hasSize(2).allMatch(record -> record.value() == null);
    }

    @Test
    void whatTheLogHasSomethingNewerOfStays() throws Exception {
        dead(written(Topics.FOLLOWS, key, "followed"), consumer);
        written(Topics.FOLLOWS, key, "unfollowed");

        assertThat(run(consumer, null, false))
                .containsEntry("letters", 0L)
                .containsEntry("left", Map.of("superseded", 1L));
        assertThat(records(Topics.FOLLOWS, key)).hasSize(2);
        assertThat(letters(consumer)).isEqualTo(1);
    }

    @Test
    void decisionsAndWhatWasCutStay() throws Exception {
        dead(written(Topics.SEAT_EVENTS, key, "sold"), consumer);
        BROKER.send(DeadLetters.withoutValue(
                DeadLetters.of(written(Topics.POSTS, key, "too large"), consumer, "too large")));
        ProducerRecord<byte[], byte[]> cut = DeadLetters.of(written(Topics.POSTS, key + "2", "cut"), consumer, "cut");
        cut.headers().add(DeadLetters.HEADER_CUT, "value of 1500000 bytes".getBytes(UTF_8));
        BROKER.send(cut);

        assertThat(run(consumer, null, false)).containsEntry("left", Map.of("cut", 2L, "no_fact", 1L));
        assertThat(letters(consumer)).isEqualTo(3);
    }

    @Test
    void soManyAsWereAskedForAndADryRunWritesNothing() throws Exception {
        for (int i = 0; i < 70; i++) {
            dead(written(Topics.READINGS, key, "reading " + i), consumer);
        }

        assertThat(run(consumer, null, true)).containsEntry("letters", 70L).containsEntry("dry_run", true);
        assertThat(letters(consumer)).isEqualTo(70);
        assertThat(run(consumer, 45, false)).containsEntry("letters", 45L);
        assertThat(letters(consumer)).isEqualTo(25);
        assertThat(run(consumer, null, false)).containsEntry("letters", 25L);
        assertThat(records(Topics.READINGS, key)).hasSize(140);
    }

    @Test
    void aNewerRecordThatComesBetweenLookingAndWritingWins() throws Exception {
        ConsumerRecord<byte[], byte[]> original = dead(written(Topics.FOLLOWS, key, "followed"), consumer);
        DeadLetter letter = DeadLetter.read(BROKER.records(Topics.DEAD_LETTERS, 0).stream()
                        .filter(record -> new String(record.key(), UTF_8).endsWith("/" + consumer))
                        .findFirst()
                        .orElseThrow())
                .orElseThrow();
        TopicPartition follows = new TopicPartition(Topics.FOLLOWS, 1);
        Newest newest = new Newest();
        newest.watch(follows, original.key());
        Map<TopicPartition, Long> scanned = new HashMap<>(Map.of(follows, original.offset() + 1));
        written(Topics.FOLLOWS, key, "unfollowed");

        List<LetterWriter.Item> done;
        try (LogReader all = LogReader.ofAll(BROKER.settings(), () -> false);
                LetterWriter writer = new LetterWriter(BROKER.settings(), consumer, all)) {
            Admitted admitted = Admitted.of(new byte[] {1}, BROKER.end(Topics.DEAD_LETTERS, 0), letter);
            done = writer.write(List.of(new LetterWriter.Item(admitted, letter)), newest, scanned);
        }

        assertThat(done).isEmpty();
        assertThat(records(Topics.FOLLOWS, key)).hasSize(2);
        assertThat(letters(consumer)).isEqualTo(1);
    }

    @Test
    void fewerThanOneLetterCannotBeAskedFor() {
        assertThatThrownBy(() -> run(consumer, 0, false))
                .isInstanceOfSatisfying(JobFailure.class, failure -> assertThat(failure.isFinal())
                        .isTrue())
                .hasMessageContaining("expected at least 1");
    }
}
