package io.tailrace.search.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.event.Event;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** One real broker with its controller, shared by all tests of a JVM. It dies with the JVM. Thread-safe. */
public final class TestBroker {
    private static final int BROKER_ID = 0;

    private static class Shared {
        static final TestBroker BROKER = new TestBroker();
    }

    private final KafkaCluster cluster;
    private final KafkaSettings settings;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    private TestBroker() {
        cluster = Backends.chosen().kafka(1, Map.of());
        settings = KafkaSettings.of(cluster.bootstrap());
        admin = Admin.create(settings.admin("test"));
        producer = new KafkaProducer<>(settings.producer("test"));
    }

    /** The one broker of this JVM. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    /** How to reach it. */
    public KafkaSettings settings() {
        return settings;
    }

    /** Creates a topic and waits until it has leaders. */
    public void create(String topic, int partitions) {
        get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
        Eventually.holds(
                "topic " + topic + " has leaders",
                () -> admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .allMatch(partition -> partition.leader() != null));
    }

    /** Creates a topic that several tests of a JVM share. */
    public synchronized void createIfMissing(String topic, int partitions) {
        if (!get(admin.listTopics().names().toCompletionStage().toCompletableFuture())
                .contains(topic)) {
            create(topic, partitions);
        }
    }

    /** Deletes a topic and waits until the broker has forgotten it. */
    public void delete(String topic) {
        get(admin.deleteTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
        Eventually.holds(
                "topic " + topic + " is gone",
                () -> !admin.listTopics().names().get().contains(topic));
    }

    /** Deletes the records below {@code offset}, as retention would. */
    public void deleteRecordsBelow(String topic, int partition, long offset) {
        get(admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
    }

    /** An event with a new id. */
    public static Event event(String type, String json) {
        return new Event(
                UUID.randomUUID().toString(),
                type,
                "/test",
                Instant.parse("2026-02-03T04:05:06.789Z"),
                null,
                json.getBytes(StandardCharsets.UTF_8));
    }

    /** Publishes an event and waits for the broker's answer. */
    public RecordMetadata publish(String topic, String key, String type, String json) {
        return get(producer.send(EventRecords.toRecord(topic, null, key, event(type, json))));
    }

    /** Sends any record and waits for the broker's answer. */
    public RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        return get(producer.send(record));
    }

    /** A producer whose transactions have begun to be possible. */
    public KafkaProducer<byte[], byte[]> transactional() {
        Map<String, Object> properties = settings.producer("test-transactional");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
        KafkaProducer<byte[], byte[]> transactional = new KafkaProducer<>(properties);
        transactional.initTransactions();
        return transactional;
    }

    /** All records of a topic with one partition. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return records(topic, 0);
    }

    /** All records of a partition. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic, int number) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer("test-reader"))) {
            TopicPartition partition = new TopicPartition(topic, number);
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, 0L);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                records.addAll(consumer.poll(Duration.ofSeconds(1)).records(partition));
            }
            return records;
        }
    }

    /** Where a reader of committed records finds the end of a partition. */
    public long end(String topic, int partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer("test-reader"))) {
            TopicPartition where = new TopicPartition(topic, partition);
            return consumer.endOffsets(Set.of(where)).getOrDefault(where, 0L);
        }
    }

    /** Stops the broker. */
    public void stop() {
        cluster.stop(BROKER_ID);
    }

    /** Starts the broker again, at the same port. */
    public void start() {
        cluster.start(BROKER_ID);
        Eventually.holds(
                "the broker answers",
                () -> !admin.describeCluster().nodes().get().isEmpty());
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
