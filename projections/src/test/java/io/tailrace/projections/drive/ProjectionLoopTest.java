package io.tailrace.projections.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.projections.testing.TestBroker;
import io.tailrace.projections.testing.TestProjection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ProjectionLoopTest {
    private final CountedTopic log = new CountedTopic();

    @BeforeAll
    static void createDeadLetters() {
        TestBroker.shared().createIfMissing(Topics.DEAD_LETTERS, 1);
    }

    @Test
    void appliesWhatIsThereAndWhatComes() {
        // given
        List<String> expected = new ArrayList<>(log.publish(200));

        // when
        try (TestProjection projection = log.startProjection()) {
            log.awaitEnd();
            expected.addAll(log.publish(20));
            log.awaitEnd();

            // then
            assertThat(log.applied()).isEqualTo(expected);
            // The counter follows the commit, which is what the end was seen by.
            Eventually.holds(
                    "220 are counted",
                    () -> projection.counter("tailrace.projection.records", "outcome", "applied") == 220);
            assertThat(projection.condition()).isEqualTo(new Condition.Running());
        }
    }

    @Test
    void reachesTheEndOfALogThatEndsWithAMarkerOrAnAbortedTransaction() {
        // given
        try (KafkaProducer<byte[], byte[]> producer = log.broker.transactional();
                TestProjection projection = log.startProjection()) {
            // when
            producer.beginTransaction();
            for (int partition = 0; partition < CountedTopic.PARTITIONS; partition++) {
                producer.send(record(partition, "committed-" + partition));
            }
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(record(1, "aborted"));
            producer.flush();
            producer.abortTransaction();

            // then
            List<String> ends = List.of("0|2", "1|4", "2|2");
            Eventually.holds("positions are " + ends, () -> log.positions().equals(ends));
            assertThat(log.applied()).containsExactly("committed-0", "committed-1", "committed-2");
        }
    }

    @Test
    void putsWhatCannotBeUsedIntoTheDeadLettersAndGoesOn() {
        // given
        log.publish(1);
        log.broker.publish(log.topic, "bad", "poison", "{}");
        log.broker.send(new ProducerRecord<>(log.topic, "no event".getBytes(StandardCharsets.UTF_8), new byte[] {1}));
        log.broker.publish(log.topic, "refused", "counted", "{}");
        log.publish(1);

        // when
        try (TestProjection projection = log.startProjection()) {
            log.awaitEnd();

            // then
            assertThat(log.applied()).containsExactly("k1", "k2");
            assertThat(projection.counter("tailrace.projection.records", "outcome", "poisoned"))
                    .isEqualTo(3);
            List<ConsumerRecord<byte[], byte[]>> letters = log.broker.records(Topics.DEAD_LETTERS).stream()
                    .filter(letter -> header(letter, "dead_letter_topic").equals(log.topic))
                    .toList();
            assertThat(letters)
                    .extracting(letter -> header(letter, "dead_letter_key")
                            + ": "
                            + header(letter, "dead_letter_reason").replaceAll(" for.*", ""))
                    .containsExactlyInAnyOrder(
                            "bad: it is poison",
                            "no event: header ce_specversion is missing",
                            "refused: PostgreSQL refuses it: ERROR: new row");
            assertThat(letters)
                    .extracting(letter -> header(letter, "dead_letter_consumer"))
                    .containsOnly("projections/" + log.copy.name());
        }
    }

    @Test
    void goesOnWhereItStopped() {
        // given
        List<String> expected = new ArrayList<>(log.publish(30));
        try (TestProjection first = log.startProjection()) {
            log.awaitEnd();
        }
        expected.addAll(log.publish(30));

        // when
        try (TestProjection second = log.startProjection()) {
            log.awaitEnd();

            // then
            assertThat(log.applied()).isEqualTo(expected);
            // The counter follows the commit, which is what the end was seen by.
            Eventually.holds(
                    "30 are counted", () -> second.counter("tailrace.projection.records", "outcome", "applied") == 30);
        }
    }

    @Test
    void sharesThePartitionsWithAnotherInstance() {
        // given
        List<String> expected = new ArrayList<>(log.publish(30));
        try (TestProjection first = log.startProjection()) {
            log.awaitEnd();

            // when
            try (TestProjection second = log.startProjection()) {
                Eventually.holds("both have partitions", () -> {
                    expected.addAll(log.publish(CountedTopic.PARTITIONS));
                    return first.partitions() > 0
                            && second.partitions() > 0
                            && first.partitions() + second.partitions() == CountedTopic.PARTITIONS;
                });
                expected.addAll(log.publish(30));
                log.awaitEnd();
            }
            expected.addAll(log.publish(30));
            log.awaitEnd();
        }

        // then
        assertThat(log.applied()).isEqualTo(expected);
    }

    @Test
    void stepsOverWhatRetentionHasDeletedAndCountsIt() {
        // given
        log.publish(30);
        try (TestProjection first = log.startProjection()) {
            log.awaitEnd();
        }
        long position = log.broker.end(log.topic, 0);
        log.publish(60);
        long kept = log.broker.end(log.topic, 0) - 1;
        log.broker.deleteRecordsBelow(log.topic, 0, kept);

        // when
        try (TestProjection second = log.startProjection()) {
            log.awaitEnd();

            // then
            assertThat(log.applied()).hasSize((int) (90 - (kept - position)));
            assertThat(second.counter("tailrace.projection.records", "outcome", "lost"))
                    .isEqualTo(kept - position);
        }
    }

    private ProducerRecord<byte[], byte[]> record(int partition, String key) {
        return EventRecords.toRecord(log.topic, partition, key, TestBroker.event("counted", "{}"));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
