package io.tailrace.edge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.log.EpochEnds.EpochEnd;
import io.tailrace.edge.testing.TruncatedLog;
import io.tailrace.edge.testing.TruncatedLog.Topic;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What brokers say of a log that was truncated by an unclean election and has grown again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class KafkaEpochEndsTest {
    private static final int NAMESPACE =
            Namespaces.builtIn().of(new Channel("show:1")).orElseThrow().number();
    private static final RecordFrames FRAMES = new RecordFrames(Namespaces.builtIn());
    private static final Topic TOPIC = new Topic(FRAMES.topic(NAMESPACE), FRAMES.partitions(NAMESPACE));
    private static final int KEPT = 5;
    private static final int LOST = 7;

    private final TruncatedLog log = new TruncatedLog(List.of(TOPIC));
    private final KafkaSettings kafka = KafkaSettings.of(log.brokers().bootstrap());
    private final KafkaLogFacts facts =
            new KafkaLogFacts(Admin.create(kafka.admin("facts")), FRAMES, Duration.ofSeconds(20));
    private int firstEpoch;
    private int lastEpoch;
    private List<String> beforeTheLoss = List.of();

    @BeforeAll
    void truncate() throws Exception {
        write("kept", KEPT);
        firstEpoch = leaderEpoch();
        log.beginToLose();
        write("lost", LOST);
        beforeTheLoss = read(KEPT + LOST);
        log.lose(List.of(TOPIC));
        write("new", LOST + 1);
        log.heal();
        lastEpoch = leaderEpoch();
    }

    @AfterAll
    void stop() {
        facts.close();
        log.close();
    }

    @Test
    void recordsWereLostAndOthersHaveTheirOffsets() {
        List<String> now = read(KEPT + LOST + 1);

        assertThat(beforeTheLoss.subList(0, KEPT)).isEqualTo(now.subList(0, KEPT));
        assertThat(beforeTheLoss.subList(KEPT, KEPT + LOST)).containsOnly("lost");
        assertThat(now.subList(KEPT, KEPT + LOST + 1)).containsOnly("new");
        assertThat(lastEpoch).isGreaterThan(firstEpoch);
    }

    @Test
    void theOldEpochEndsWhereTheLogWasCut() throws Exception {
        try (KafkaEpochEnds ends = started(this::consumer, 100)) {
            assertThat(get(ends.end(partition(0), firstEpoch, firstEpoch))).isEqualTo(new EpochEnd(firstEpoch, KEPT));
        }
    }

    @Test
    void anEpochWithoutRecordsEndsWhereTheOneBeforeItDoes() throws Exception {
        try (KafkaEpochEnds ends = started(this::consumer, 100)) {
            assertThat(get(ends.end(partition(0), lastEpoch - 1, firstEpoch)))
                    .isEqualTo(new EpochEnd(firstEpoch, KEPT));
        }
    }

    @Test
    void theNewestEpochEndsWhereTheLogDoes() throws Exception {
        try (KafkaEpochEnds ends = started(this::consumer, 100)) {
            assertThat(get(ends.end(partition(0), lastEpoch, firstEpoch)))
                    .isEqualTo(new EpochEnd(lastEpoch, KEPT + LOST + 1));
        }
    }

    @Test
    void manyQuestionsAreAnsweredByOneConsumer() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (KafkaEpochEnds ends = started(() -> counted(made), 1000)) {
            List<CompletionStage<EpochEnd>> answers = new ArrayList<>();
            for (int times = 0; times < 3; times++) {
                for (int epoch = firstEpoch; epoch <= lastEpoch; epoch++) {
                    for (int partition = 0; partition < TOPIC.partitions(); partition++) {
                        answers.add(ends.end(partition(partition), epoch, firstEpoch));
                    }
                }
            }

            for (CompletionStage<EpochEnd> answer : answers) {
                assertThat(get(answer).endOffset()).isBetween((long) KEPT, (long) KEPT + LOST + 1);
            }
            assertThat(ends.open()).isZero();
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void anEpochThatNeverWasIsRefusedAndStopsNothing() throws Exception {
        try (KafkaEpochEnds ends = started(this::consumer, 100)) {
            assertThatThrownBy(() -> get(ends.end(partition(0), lastEpoch + 1, firstEpoch)))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> get(ends.end(partition(0), -1, firstEpoch)))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class);

            assertThat(get(ends.end(partition(0), firstEpoch, firstEpoch)).endOffset())
                    .isEqualTo(KEPT);
        }
    }

    @Test
    void equalQuestionsShareOneAndOneTooManyFailsAtOnce() {
        // given nobody who answers
        try (KafkaEpochEnds ends =
                new KafkaEpochEnds(this::consumer, facts, FRAMES, settings(Duration.ofSeconds(20), 1))) {
            CompletionStage<EpochEnd> first = ends.end(partition(0), firstEpoch, firstEpoch);

            // when
            CompletionStage<EpochEnd> same = ends.end(partition(0), firstEpoch, firstEpoch);
            CompletionStage<EpochEnd> other = ends.end(partition(1), firstEpoch, firstEpoch);

            // then
            assertThat(ends.open()).isOne();
            assertThat(first.toCompletableFuture()).isNotDone();
            assertThat(same.toCompletableFuture()).isNotDone();
            assertThat(other.toCompletableFuture())
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void aConsumerThatCannotBeMadeOrBreaksIsReplaced() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (KafkaEpochEnds ends = started(
                () -> switch (made.incrementAndGet()) {
                    case 1 -> throw new KafkaException("Failed to construct kafka consumer");
                    case 2 -> throw new NoClassDefFoundError("a class is missing");
                    case 3 -> broken();
                    default -> consumer();
                },
                100)) {
            assertThat(get(ends.end(partition(0), firstEpoch, firstEpoch)).endOffset())
                    .isEqualTo(KEPT);
            assertThat(made).hasValue(4);
        }
    }

    @Test
    void aQuestionFailsInTimeWhileNoConsumerCanBeMade() {
        try (KafkaEpochEnds ends = new KafkaEpochEnds(
                () -> {
                    throw new KafkaException("No resolvable bootstrap urls given in bootstrap.servers");
                },
                facts,
                FRAMES,
                settings(Duration.ofMillis(300), 100))) {
            ends.start();

            assertThatThrownBy(() -> get(ends.end(partition(0), firstEpoch, firstEpoch)))
                    .hasRootCauseInstanceOf(TimeoutException.class);
            assertThat(ends.open()).isZero();
        }
    }

    private KafkaEpochEnds started(Supplier<Consumer<byte[], byte[]>> consumers, int questions) {
        KafkaEpochEnds ends = new KafkaEpochEnds(consumers, facts, FRAMES, settings(Duration.ofSeconds(20), questions));
        ends.start();
        return ends;
    }

    private static EdgeSettings.Tail settings(Duration timeout, int questions) {
        return new EdgeSettings.Tail(
                1,
                Duration.ofMillis(1),
                1,
                Duration.ofMillis(1),
                1,
                Duration.ofMillis(1),
                timeout,
                Duration.ofMillis(10),
                Duration.ofMillis(10),
                questions);
    }

    private Consumer<byte[], byte[]> counted(AtomicInteger made) {
        made.incrementAndGet();
        return consumer();
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(kafka.consumer("epochs"));
    }

    private Consumer<byte[], byte[]> broken() {
        Consumer<byte[], byte[]> closed = consumer();
        closed.close();
        return closed;
    }

    private static PartitionId partition(int number) {
        return new PartitionId(NAMESPACE, number);
    }

    private int leaderEpoch() throws Exception {
        return get(facts.leaderEpoch(partition(0)));
    }

    private void write(String text, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            for (int partition = 0; partition < TOPIC.partitions(); partition++) {
                log.brokers()
                        .producer()
                        .send(new ProducerRecord<>(
                                TOPIC.name(), partition, null, text.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private List<String> read(int count) {
        TopicPartition partition = FRAMES.topicPartition(partition(0));
        List<String> texts = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(Set.of(partition));
            consumer.seek(partition, 0);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (texts.size() < count) {
                assertThat(System.nanoTime()).as("found %s", texts).isLessThan(deadline);
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    texts.add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
    }
}
