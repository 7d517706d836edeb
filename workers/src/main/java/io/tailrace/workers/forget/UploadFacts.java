package io.tailrace.workers.forget;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The uploads that are facts, by the log itself: a copy that is made anew knows only some of them. Thread-safe; blocks. */
@Singleton
class UploadFacts {
    private static final String CLIENT = "workers-forget-uploads";
    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaSettings kafka;

    UploadFacts(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * Which of some keys are facts.
     *
     * @param keys of the form of {@link FactKeys}
     * @throws KafkaException if the log is away, or has no record about uploads at all: then it is not the log that these files are of
     */
    Set<String> among(Set<String> keys) {
        List<TopicPartition> all = IntStream.range(0, Topics.FACT_PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topics.UPLOADS, partition))
                .toList();
        Set<String> facts = new HashSet<>();
        boolean isEmpty = true;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.reader(CLIENT))) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    byte[] value = record.value();
                    isEmpty = false;
                    if (value == null) {
                        facts.remove(key);
                    } else if (keys.contains(key)) {
                        facts.add(key);
                    }
                }
            }
        }
        if (isEmpty) {
            throw new KafkaException("the log has no record about uploads, and the store has files");
        }
        return facts;
    }
}
