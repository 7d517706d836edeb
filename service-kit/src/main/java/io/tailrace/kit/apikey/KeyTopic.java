package io.tailrace.kit.apikey;

import io.tailrace.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topic of keys, which is read from its beginning: it is compacted, and has as many records as there are keys. For one thread. */
final class KeyTopic {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    private KeyTopic(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        this.consumer = consumer;
        this.ends = ends;
    }

    /** The topic as a consumer sees it; null if it is not there yet. */
    static @Nullable KeyTopic begin(KafkaConsumer<byte[], byte[]> consumer) {
        List<PartitionInfo> found = consumer.partitionsFor(Topics.API_KEYS);
        if (found.isEmpty()) {
            return null;
        }
        List<TopicPartition> all = found.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return new KeyTopic(consumer, consumer.endOffsets(all));
    }

    /** Whether everything was read that was there when it began. */
    boolean isCaughtUp() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** Reads what there is, waiting for it so long at most, into keys; whoever is revoked is told of. */
    void poll(Duration wait, KnownKeys keys, Consumer<ApiKey> revoked) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            byte @Nullable [] key = record.key();
            if (key != null) {
                keys.take(new String(key, StandardCharsets.UTF_8), record.value())
                        .ifPresent(revoked);
            }
        }
    }
}
