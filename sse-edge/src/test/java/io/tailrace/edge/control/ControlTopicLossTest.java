package io.tailrace.edge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.edge.testing.TruncatedLog;
import io.tailrace.edge.testing.TruncatedLog.Topic;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three brokers, and an unclean election that loses messages which an edge has obeyed. */
@Tag("server")
class ControlTopicLossTest {
    private static final List<Topic> TOPICS = List.of(new Topic(Topics.EDGE_CONTROL, 1));

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void everyMessageThatStandsAtTheOffsetOfALostOneIsTaken() throws Exception {
        try (TruncatedLog log = new TruncatedLog(TOPICS)) {
            // given an edge that stands still behind the last message that will be lost
            KafkaSettings kafka = KafkaSettings.of(log.brokers().bootstrap());
            ControlReader reader = new ControlReader(
                    () -> new KafkaConsumer<>(kafka.consumer("control")),
                    new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), new Random(1)),
                    System.currentTimeMillis() - 60_000,
                    this::take);
            reader.start();
            try {
                send(kafka, "kept");
                Eventually.holds("it was taken", () -> taken.contains("kept"));
                log.beginToLose();
                send(kafka, "lost 1", "lost 2", "lost 3");
                Eventually.holds("they were taken", () -> taken.contains("lost 3"));

                // when the log is longer than what it has read
                log.lose(TOPICS);
                send(kafka, "new 1", "new 2", "new 3", "new 4");
                goOn.countDown();

                // then
                Eventually.holds("the newest was taken", () -> taken.contains("new 4"));
                assertThat(taken)
                        .containsExactly("kept", "lost 1", "lost 2", "lost 3", "new 1", "new 2", "new 3", "new 4");
                assertThat(reader.loop().condition()).isInstanceOf(Condition.Running.class);
            } finally {
                goOn.countDown();
                reader.stop();
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        taken.add(text);
        if (text.equals("lost 3")) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void send(KafkaSettings kafka, String... messages) throws Exception {
        // One of its own each time: a producer that has numbered records which were lost is refused once.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("test"))) {
            for (String message : messages) {
                producer.send(new ProducerRecord<>(
                                Topics.EDGE_CONTROL, 0, null, message.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }
}
