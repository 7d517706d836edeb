package io.tailrace.ingest.erasure;

import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from its beginning to where it ends now. Thread-safe; blocks as long as that takes. */
public final class WholeTopic {
    private static final String CLIENT = "ingest-api-erasure";
    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaSettings kafka;

    /** Of the cluster of these settings. */
    public WholeTopic(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** All of its partitions; the records of each in order. */
    public void read(String topic, int partitions, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        read(
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList(),
                each);
    }

    /** Some partitions. */
    public void read(List<TopicPartition> all, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.reader(CLIENT))) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                consumer.poll(POLL).forEach(each);
            }
        }
    }
}
