package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three brokers, and an unclean election that loses records which a stream thread has read. */
@Tag("server")
class StreamsClientsTest {
    private static final TopicPartition PARTITION = new TopicPartition("facts", 0);

    private final Counter truncations = new SimpleMeterRegistry().counter("truncations");
    private final List<String> read = new ArrayList<>();

    @Test
    void aTopicThatWasTruncatedIsReadOnWhereItWasCutAndThatIsCounted() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.losingRecords()) {
            // given
            KafkaSettings kafka = KafkaSettings.of(cluster.bootstrap());
            try (Admin admin = Admin.create(kafka.admin("test"))) {
                admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Map.of(0, List.of(0, 1, 2)))))
                        .all()
                        .get();
            }
            Map<String, Object> config = new HashMap<>(kafka.consumer("streams"));
            config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            try (Consumer<byte[], byte[]> consumer = clients().getConsumer(config)) {
                consumer.assign(List.of(PARTITION));
                consumer.seekToBeginning(List.of(PARTITION));
                publish(kafka, "kept");
                readUpTo(consumer, "kept");
                cluster.stop(1);
                cluster.stop(2);
                publish(kafka, "lost 1", "lost 2");
                readUpTo(consumer, "lost 2");

                // when
                cluster.stop(0);
                cluster.start(1);
                cluster.start(2);
                publish(kafka, "new 1", "new 2", "new 3");
                readUpTo(consumer, "new 3");

                // then
                assertThat(read).containsExactly("kept", "lost 1", "lost 2", "new 1", "new 2", "new 3");
                assertThat(truncations.count()).isEqualTo(1);
            }
        }
    }

    private StreamsClients clients() {
        return new StreamsClients(
                truncations,
                new SupervisedLoop(
                        "start",
                        new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), new SplittableRandom(1)),
                        self -> {}));
    }

    private void readUpTo(Consumer<byte[], byte[]> consumer, String last) {
        long deadlineNs = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!read.contains(last)) {
            assertThat(System.nanoTime()).as("%s is read", last).isLessThan(deadlineNs);
            consumer.poll(Duration.ofMillis(100))
                    .forEach(record -> read.add(new String(record.value(), StandardCharsets.UTF_8)));
        }
    }

    private static void publish(KafkaSettings kafka, String... values) throws Exception {
        // One of its own each time: a producer that has numbered records which were lost is refused once.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("test"))) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(PARTITION.topic(), 0, null, value.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }
}
