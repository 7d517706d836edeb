package io.tailrace.ingest.post;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The topic of posts while its records get keys of their own: each record whose key is its author alone is appended again
 * under {@code author/post}, in its partition and with a mark by which readers know that it is nothing new. A tombstone then
 * takes the old key away. Doing it twice does no harm: the second copy replaces the first. For one thread.
 */
final class RekeyedLog implements AutoCloseable {
    private static final String NAME = "tailrace-post-keys";
    private static final byte[] YES = "true".getBytes(StandardCharsets.UTF_8);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int TRANSACTION_RECORDS = 1_000;

    private final KafkaSettings kafka;
    private final TopicSpec posts;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Set<String> authors = new LinkedHashSet<>();
    private int inTransaction;

    /** A log whose other writers of this kind are fenced off. */
    RekeyedLog(KafkaSettings kafka, TopicSpec posts) {
        this.kafka = kafka;
        this.posts = posts;
        Map<String, Object> properties = kafka.producer(NAME);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, NAME);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        this.producer = new KafkaProducer<>(properties);
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** Copies every record that has no key of its own; returns how many. Memory: the authors of one partition. */
    long copyAll() {
        long copied = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(NAME))) {
            for (int partition = 0; partition < posts.partitions(); partition++) {
                TopicPartition at = new TopicPartition(posts.name(), partition);
                consumer.assign(List.of(at));
                consumer.seekToBeginning(List.of(at));
                copied += copy(consumer, at);
            }
        }
        return copied;
    }

    /** Until there is none left: a process of the version before may have written some meanwhile. */
    private long copy(KafkaConsumer<byte[], byte[]> consumer, TopicPartition at) {
        long copied = 0;
        long found = -1;
        authors.clear();
        while (found != 0) {
            found = 0;
            long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
            begin();
            while (consumer.position(at) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    found += copy(record);
                }
            }
            commit();
            ends.put(at, end);
            copied += found;
        }
        begin();
        for (String author : authors) {
            send(new ProducerRecord<>(
                    at.topic(), at.partition(), author.getBytes(StandardCharsets.UTF_8), null, repeated(null)));
        }
        commit();
        return copied;
    }

    private long copy(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        if (key == null || value == null) {
            // Without a key it is a post of nobody, which readers have put into the dead letters.
            return 0;
        }
        String author = new String(key, StandardCharsets.UTF_8);
        if (FactKeys.namesFact(author)) {
            return 0;
        }
        String current = PostKeys.current(Topics.POSTS, author, value);
        if (current.equals(author)) {
            // Not a post, and nothing may be lost: it is its own fact.
            current = author
                    + '/'
                    + UUID.nameUUIDFromBytes(
                            (record.partition() + "@" + record.offset()).getBytes(StandardCharsets.UTF_8));
        }
        authors.add(author);
        send(new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                current.getBytes(StandardCharsets.UTF_8),
                value,
                repeated(record)));
        return 1;
    }

    private static Headers repeated(@Nullable ConsumerRecord<byte[], byte[]> record) {
        RecordHeaders headers = new RecordHeaders();
        if (record != null) {
            record.headers().forEach(headers::add);
        }
        headers.remove(Event.HEADER_REPEATED);
        return headers.add(Event.HEADER_REPEATED, YES);
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        if (inTransaction == TRANSACTION_RECORDS) {
            commit();
            begin();
        }
        inTransaction++;
        var unused = producer.send(record);
    }

    private void begin() {
        producer.beginTransaction();
        inTransaction = 0;
    }

    /** Throws if one of its records could not be written. */
    private void commit() {
        producer.commitTransaction();
    }

    /**
     * Whether everything that was copied has been read by those who deliver posts: they do not deliver copies, so an original
     * must not be compacted away before. Whoever has a place in the topics of posts and of follows delivers posts.
     */
    boolean isReadByFeeds() {
        List<TopicPartition> places = IntStream.range(0, posts.partitions())
                .boxed()
                .flatMap(partition ->
                        Stream.of(posts.name(), Topics.FOLLOWS).map(topic -> new TopicPartition(topic, partition)))
                .toList();
        try (Admin admin = Admin.create(kafka.admin(NAME))) {
            List<String> groups = admin.listGroups().all().get().stream()
                    .map(GroupListing::groupId)
                    .toList();
            for (String group : groups) {
                var asked = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(places));
                Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(asked)
                        .partitionsToOffsetAndMetadata(group)
                        .get();
                if (isFeed(read) && isBehind(read)) {
                    return false;
                }
            }
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the brokers do not say who has read " + posts.name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean isFeed(Map<TopicPartition, OffsetAndMetadata> read) {
        return has(read, posts.name()) && has(read, Topics.FOLLOWS);
    }

    private static boolean has(Map<TopicPartition, OffsetAndMetadata> read, String topic) {
        return read.entrySet().stream()
                .anyMatch(place -> place.getKey().topic().equals(topic) && isThere(place.getValue()));
    }

    private boolean isBehind(Map<TopicPartition, OffsetAndMetadata> read) {
        return ends.entrySet().stream().anyMatch(end -> {
            @Nullable OffsetAndMetadata at = read.get(end.getKey());
            return end.getValue() > 0 && (at == null || at.offset() < end.getValue());
        });
    }

    private static boolean isThere(@Nullable OffsetAndMetadata at) {
        return at != null;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
