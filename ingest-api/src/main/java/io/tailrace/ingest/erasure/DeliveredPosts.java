package io.tailrace.ingest.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.rekey.FeedReaders;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How long the channels to which posts are delivered, and those of uploads and answers, have what is in them now. The brokers delete whole segments, and a segment only
 * when its latest record is older than the retention, so a time alone does not tell it: the offsets do. Thread-safe; blocks.
 */
@Singleton
final class DeliveredPosts {
    private static final String CLIENT = "ingest-api-erasure-channels";
    private static final List<String> CHANNELS = List.of("feed", "author", "upload", "answer");

    /** How often it is looked at whether the dispatcher has read something: it commits within moments, unless it is away. */
    private static final int LOOKS = 4;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final KafkaSettings kafka;
    private final Namespaces namespaces;

    DeliveredPosts(KafkaSettings kafka, Namespaces namespaces) {
        this.kafka = kafka;
        this.namespaces = namespaces;
    }

    /** How long the channels keep a record at least, in milliseconds. */
    long retentionMs() {
        return channels().mapToLong(each -> each.retention().toMillis()).max().orElse(0);
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

    /** Where the channels end now, as text. */
    String ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(CLIENT))) {
            Map<String, Long> ends = new TreeMap<>();
            consumer.endOffsets(partitions()).forEach((at, end) -> ends.put(at.toString(), end));
            return new String(Json.write(ends), StandardCharsets.UTF_8);
        }
    }

    /**
     * Whether the brokers have deleted everything before some ends.
     *
     * @param ends of {@link #ends()}; a partition that is not named there has nothing
     */
    boolean areGone(String ends) {
        JsonNode wanted = tree(ends);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(CLIENT))) {
            return consumer.beginningOffsets(partitions()).entrySet().stream()
                    .allMatch(first -> first.getValue()
                            >= wanted.path(first.getKey().toString()).asLong(0));
        }
    }

    private static JsonNode tree(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("the ends of channels are " + json, e);
        }
    }

    private List<TopicPartition> partitions() {
        return channels()
                .flatMap(each -> partitions(each.topic(), each.partitions()).stream())
                .toList();
    }

    private Stream<Namespace> channels() {
        return CHANNELS.stream().flatMap(name -> namespaces.of(new Channel(name)).stream());
    }

    private static List<TopicPartition> partitions(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}
