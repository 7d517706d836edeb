package io.tailrace.ingest.testing;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.common.utils.Exit;

/** One real broker, with every topic that Tailrace declares. It dies with the JVM. Thread-safe. */
public final class TestBroker {
    private static final class Shared {
        static final TestBroker BROKER = new TestBroker();
    }

    private static final int BROKER_ID = 0;

    private final KafkaClusterTestKit cluster;
    private final KafkaSettings settings;
    private final Producer<byte[], byte[]> producer;

    private TestBroker() {
        try {
            // It lives as long as the JVM, and must not end it when its files go first.
            Exit.setHaltProcedure((status, message) -> {});
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "broker");
            cluster = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder()
                            .setNumBrokerNodes(1)
                            .setNumControllerNodes(1)
                            .setCombined(false)
                            .setBaseDirectory(folder)
                            .build())
                    .setConfigProp("auto.create.topics.enable", "false")
                    .setConfigProp("offsets.topic.replication.factor", "1")
                    .setConfigProp("offsets.topic.num.partitions", "1")
                    .setConfigProp("group.initial.rebalance.delay.ms", "0")
                    .setConfigProp("log.flush.interval.messages", "9223372036854775807")
                    .build();
            cluster.format();
            cluster.startup();
            cluster.waitForReadyBrokers();
            settings = KafkaSettings.of(cluster.bootstrapServers());
        } catch (Exception e) {
            throw new IllegalStateException("the test broker does not start", e);
        }
        var unused = new TopicProvisioner(settings).provision(Topics.all(Namespaces.builtIn()));
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

    /** A producer that lives as long as the broker. */
    public Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** Stops the broker; the controller stays. */
    public void stop() {
        broker().shutdown();
        broker().awaitShutdown();
    }

    /** Starts the broker again, at the same port. */
    public void start() {
        broker().startup();
    }

    private BrokerServer broker() {
        return Objects.requireNonNull(cluster.brokers().get(BROKER_ID));
    }

    /** Every record of a topic as of now, in the order of each partition. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer("test"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }
}
