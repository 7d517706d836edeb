package io.tailrace.edge.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Real brokers with their controller, mostly the one that all tests of a JVM share. They die with the JVM. Thread-safe. */
public final class TestBroker {
    private static final int BROKER_ID = 0;

    private static class Shared {
        static final TestBroker BROKER = allTopics(new TestBroker(Backends.chosen(), 1, 1, Map.of()));
    }

    private final KafkaCluster cluster;
    private final String bootstrap;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    private final int brokers;
    private final int replicas;

    private TestBroker(Backends backends, int brokers, int replicas, Map<String, String> more) {
        this.brokers = brokers;
        this.replicas = replicas;
        Map<String, String> settings = new HashMap<>(more);
        settings.put("message.max.bytes", "20000000");
        cluster = backends.kafka(brokers, settings);
        bootstrap = cluster.bootstrap();
        admin = Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        producer = new KafkaProducer<>(producerSettings(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static TestBroker allTopics(TestBroker broker) {
        for (var namespace : Namespaces.builtIn().all()) {
            broker.create(namespace.topic(), namespace.partitions());
        }
        broker.create(Topics.EDGE_CONTROL, 1);
        broker.create(Topics.API_KEYS, Topics.FACT_PARTITIONS);
        broker.create(Topics.USERS, Topics.FACT_PARTITIONS);
        return broker;
    }

    /** A consumer as an edge has them, for whoever closes it. */
    public Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(KafkaSettings.of(bootstrap).consumer("test-consumer"));
    }

    /** The one broker of this JVM, with the topics of all built-in namespaces, and those of keys and people. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    /** Two brokers of their own, each with every other partition of each topic: of even numbers on broker 0. */
    public static TestBroker two() {
        return allTopics(new TestBroker(Backends.chosen(), 2, 1, Map.of()));
    }

    /**
     * Three brokers of their own without topics, which all have copies of whatever is created. The leader of everything is
     * broker 0, and any other becomes it even if it does not have all records.
     */
    public static TestBroker threeUnclean() {
        // As KafkaCluster.losingRecords(), which has no containers either.
        return new TestBroker(Backends.named(Backends.DEFAULT), 3, 3, KafkaCluster.LOSING_RECORDS);
    }

    /** {@code bootstrap.servers}. */
    public String bootstrap() {
        return bootstrap;
    }

    /** An admin client that lives as long as the broker. */
    public Admin admin() {
        return admin;
    }

    /** A producer that lives as long as the broker. */
    public KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** Settings of a producer for this broker, to which others may be added. */
    public Properties producerSettings() {
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "20000000");
        return settings;
    }

    /** Creates a topic and waits until it has leaders. */
    public void create(String topic, int partitions) {
        Map<Integer, List<Integer>> assignment = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(partition -> partition, this::replicas));
        get(admin.createTopics(List.of(new NewTopic(topic, assignment)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
        Eventually.holds(
                "topic " + topic + " has leaders",
                () -> admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .allMatch(partition -> partition.leader() != null));
    }

    private List<Integer> replicas(int partition) {
        return replicas == 1
                ? List.of(partition % brokers)
                : IntStream.range(0, replicas).boxed().toList();
    }

    /** Deletes a topic and waits until the broker has forgotten it. */
    public void delete(String topic) {
        get(admin.deleteTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
        Eventually.holds("topic " + topic + " is gone", () -> {
            try {
                admin.describeTopics(List.of(topic)).allTopicNames().get();
                return false;
            } catch (ExecutionException e) {
                return e.getCause() instanceof UnknownTopicOrPartitionException;
            }
        });
    }

    /** Deletes the records below {@code offset}, as retention would. */
    public void deleteRecordsBelow(String topic, int partition, long offset) {
        get(admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
    }

    /** A record as ingest-api and the dispatcher write it to a channel. */
    public static ProducerRecord<byte[], byte[]> record(Channel channel, String type, String id, String json) {
        var namespace = Namespaces.builtIn().of(channel).orElseThrow();
        Event event =
                new Event(id, type, "/test", Instant.EPOCH, channel.name(), json.getBytes(StandardCharsets.UTF_8));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                namespace.topic(), null, channel.name().getBytes(StandardCharsets.UTF_8), event.data());
        event.headers().forEach(header -> record.headers().add(header.name(), header.value()));
        return record;
    }

    /** Publishes an event and waits for the broker's answer. */
    public RecordMetadata publish(String channel, String type, String json) {
        return get(producer.send(
                record(new Channel(channel), type, UUID.randomUUID().toString(), json)));
    }

    /** Stops the broker. */
    public void stop() {
        stop(BROKER_ID);
    }

    /** Ends the cluster for good. Only for one of its own. */
    public void end() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
        cluster.close();
    }

    /** Stops one broker, whose partitions have no leader then if there are no copies. */
    public void stop(int id) {
        cluster.stop(id);
    }

    /** Starts the broker again, at the same port. */
    public void start() {
        start(BROKER_ID);
    }

    /** Starts one broker again, at the same port. */
    public void start(int id) {
        startAlone(id);
        Eventually.holds(
                "the broker answers",
                () -> admin.describeCluster().nodes().get().size() == brokers);
    }

    /** Starts one broker again while others may be away. */
    public void startAlone(int id) {
        cluster.start(id);
    }

    /** The topics that exist. */
    public Set<String> topics() {
        return get(admin.listTopics().names().toCompletionStage().toCompletableFuture());
    }

    private static <T> T get(Future<T> future) {
        try {
            return Eventually.result("the broker answers", future);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
