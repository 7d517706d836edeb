package io.tailrace.ingest.erasure;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.rekey.FeedReaders;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Whether what somebody has posted, and that it is deleted, was delivered. Thread-safe; blocks. */
@Singleton
final class DeliveredPosts {
    private static final String CLIENT = "ingest-api-erasure-posts";

    /** How often it is looked at whether the dispatcher has read something: it commits within moments, unless it is away. */
    private static final int LOOKS = 4;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final KafkaSettings kafka;

    DeliveredPosts(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * Whether a group that delivers posts has read all posts and follows that are there when this is called, and their tombstones. Waits
     * for it for some moments, because others go on to write.
     */
    boolean areComplete() {
        Map<TopicPartition, Long> ends = endsOfFacts();
        FeedReaders readers = new FeedReaders(kafka);
        for (int look = 1; !readers.hasOneRead(ends); look++) {
            if (look == LOOKS || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }

    private Map<TopicPartition, Long> endsOfFacts() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(CLIENT))) {
            return consumer.endOffsets(Stream.of(Topics.POSTS, Topics.FOLLOWS)
                    .flatMap(topic -> partitions(topic, Topics.FACT_PARTITIONS).stream())
                    .toList());
        }
    }

    private static List<TopicPartition> partitions(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}
