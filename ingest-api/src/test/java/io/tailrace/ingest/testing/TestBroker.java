package io.tailrace.ingest.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** One real broker, with every topic that Tailrace declares. It dies with the JVM. Thread-safe. */
public final class TestBroker {
    private static final class Shared {
        static final TestBroker BROKER = new TestBroker();
    }

    private static final int BROKER_ID = 0;

    private final KafkaCluster cluster;
    private final KafkaSettings settings;
    private final Producer<byte[], byte[]> producer;

    private TestBroker() {
        cluster = Backends.chosen().kafka(1, Map.of());
        settings = KafkaSettings.of(cluster.bootstrap());
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

    /** Stops the broker. */
    public void stop() {
        cluster.stop(BROKER_ID);
    }

    /** Starts the broker again, at the same port. */
    public void start() {
        cluster.start(BROKER_ID);
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
