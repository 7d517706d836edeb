package io.tailrace.backends;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One real broker with its controller, and what tests do to it whatever their events are. What the events of a module look like
 * is added by the module. It dies with the JVM. Thread-safe.
 */
public class RealBroker {
    private static final int BROKER_ID = 0;

    /** Far beyond what anything takes, as that of {@link Eventually}. */
    private static final Duration DEADLINE = Duration.ofSeconds(120);

    private final KafkaCluster cluster;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Starts it. */
    protected RealBroker() {
        cluster = Backends.chosen().kafka(1, Map.of());
        admin = Admin.create(common());
        producer = new KafkaProducer<>(producerSettings());
    }

    /** {@code bootstrap.servers}. */
    public final String bootstrap() {
        return cluster.bootstrap();
    }

    /** A producer that lives as long as the broker. */
    public final KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** Creates a topic and waits until it has leaders. */
    public final void create(String topic, int partitions) {
        var unused = get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all());
        Eventually.holds(
                "topic " + topic + " has leaders",
                () -> admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .allMatch(partition -> partition.leader() != null));
    }

    /** Creates a topic that several tests of a JVM share. */
    public final synchronized void createIfMissing(String topic, int partitions) {
        if (!get(admin.listTopics().names()).contains(topic)) {
            create(topic, partitions);
        }
    }

    /** Deletes a topic and waits until the broker has forgotten it. */
    public final void delete(String topic) {
        var unused = get(admin.deleteTopics(List.of(topic)).all());
        Eventually.holds(
                "topic " + topic + " is gone",
                () -> !admin.listTopics().names().get().contains(topic));
    }

    /** Deletes the records below {@code offset}, as retention would. */
    public final void deleteRecordsBelow(String topic, int partition, long offset) {
        var unused = get(
                admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                        .all());
    }

    /** Sends any record and waits for the broker's answer. */
    public final RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        return get(producer.send(record));
    }

    /** A producer whose transactions have begun to be possible. */
    public final KafkaProducer<byte[], byte[]> transactional() {
        Map<String, Object> settings = producerSettings();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
        KafkaProducer<byte[], byte[]> transactional = new KafkaProducer<>(settings);
        transactional.initTransactions();
        return transactional;
    }

    /**
     * Returns when everything that is in a topic as of now is committed or aborted. A producer that commits is answered before
     * the brokers have written that behind its records, and until then no reader of committed records is given them.
     */
    public final void awaitDecided(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerSettings())) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            Map<TopicPartition, Long> ends = ends(partitions);
            Eventually.holds("what is in " + topic + " is committed or aborted", () -> {
                Map<TopicPartition, Long> decided = consumer.endOffsets(partitions);
                return partitions.stream()
                        .allMatch(partition -> decided.getOrDefault(partition, 0L) >= ends.getOrDefault(partition, 0L));
            });
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** Where partitions end, whether what is there is committed or not. */
    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return get(admin.listOffsets(partitions.stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                        .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** Every committed record of a topic as of now, in the order of each partition. */
    public final List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerSettings())) {
            return read(consumer, partitions(consumer, topic));
        }
    }

    /** Every committed record of a partition as of now. */
    public final List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerSettings())) {
            return read(consumer, List.of(new TopicPartition(topic, partition)));
        }
    }

    /** Also what was committed a moment ago, which the brokers may not show yet: it waits for transactions that are open. */
    private List<ConsumerRecord<byte[], byte[]>> read(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = ends(partitions);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long startNs = System.nanoTime();
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
            if (System.nanoTime() - startNs > DEADLINE.toNanos()) {
                throw new AssertionError("not within " + DEADLINE + ": " + partitions + " are read up to " + ends + "; "
                        + records.size() + " records are");
            }
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    /** Where a reader of committed records finds the end of a partition. */
    public final long end(String topic, int partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerSettings())) {
            TopicPartition where = new TopicPartition(topic, partition);
            return consumer.endOffsets(List.of(where)).getOrDefault(where, 0L);
        }
    }

    /** Stops the broker. */
    public final void stop() {
        cluster.stop(BROKER_ID);
    }

    /** Starts the broker again, at the same port, and waits until it answers. */
    public final void start() {
        cluster.start(BROKER_ID);
        Eventually.holds(
                "the broker answers",
                () -> !admin.describeCluster().nodes().get().isEmpty());
    }

    private static <T> T get(Future<T> future) {
        try {
            return Eventually.result("the broker answers", future);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> common() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
        return settings;
    }

    private Map<String, Object> producerSettings() {
        Map<String, Object> settings = common();
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return settings;
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = common();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Each is closed soon, and closing waits for the fetch that is under way.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        return settings;
    }
}
