package io.tailrace.dispatcher.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** One real broker with all topics of the platform. Thread-safe but for its readers. */
public final class TestBroker implements AutoCloseable {
    private final KafkaCluster cluster;
    private final KafkaSettings settings;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Starts it. */
    public TestBroker() {
        cluster = Backends.chosen().kafka(1, Map.of());
        settings = KafkaSettings.of(cluster.bootstrap());
        List<TopicSpec> topics = new ArrayList<>(Topics.all(Namespaces.builtIn()));
        topics.addAll(JobQueues.builtIn().topics());
        var unused = new TopicProvisioner(settings).provision(topics);
        producer = new KafkaProducer<>(settings.producer("test"));
    }

    /** How to reach it. */
    public KafkaSettings settings() {
        return settings;
    }

    /** Writes a fact as ingest-api does, into the partition of its owner, without waiting. */
    public Future<RecordMetadata> send(String topic, TestRecord<byte[], byte[]> fact) {
        String owner = Facts.text(fact.key());
        int slash = owner.indexOf('/');
        byte[] partitionKey = Facts.bytes(slash < 0 ? owner : owner.substring(0, slash));
        int partition = KeyPartition.of(partitionKey, Topics.FACT_PARTITIONS);
        return producer.send(new ProducerRecord<>(topic, partition, fact.key(), fact.value(), fact.headers()));
    }

    /** Writes a fact and waits until the broker has it. */
    public void write(String topic, TestRecord<byte[], byte[]> fact) {
        get(send(topic, fact));
    }

    /** Changes the configuration of a topic. */
    public void configure(String topic, String name, String value) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var op = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(settings.admin("test-admin"))) {
            var unused = get(admin.incrementalAlterConfigs(Map.of(resource, List.of(op)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture());
        }
    }

    /** Deletes a consumer group and its offsets, as the broker does with one that has been empty for long. */
    public void forgetGroup(String group) {
        try (Admin admin = Admin.create(settings.admin("test-admin"))) {
            // Until its last member has left, which a process that has ended may have asked for only just now.
            Eventually.holds("the group " + group + " is deleted", () -> {
                admin.deleteConsumerGroups(List.of(group)).all().get();
                return true;
            });
        }
    }

    /** Deletes the topics whose names begin like this, for example those of the stores of an application. */
    public void deleteTopics(String prefix) {
        try (Admin admin = Admin.create(settings.admin("test-admin"))) {
            List<String> topics = get(
                            admin.listTopics().names().toCompletionStage().toCompletableFuture())
                    .stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
            var unused =
                    get(admin.deleteTopics(topics).all().toCompletionStage().toCompletableFuture());
        }
    }

    /** Reads a topic from its beginning, committed records only. */
    public Reader reader(String topic) {
        return new Reader(topic);
    }

    /** A reader of all partitions of a topic that remembers everything. Not thread-safe. */
    public final class Reader implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer("test-reader"));
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

        private Reader(String topic) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /** Everything that is committed by now, in the order of each partition. */
        public List<ConsumerRecord<byte[], byte[]>> records() {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(50));
            polled.forEach(records::add);
            return records;
        }

        /** The first record, of those that are committed by now, with that header. */
        public Optional<ConsumerRecord<byte[], byte[]>> find(String header, Object value) {
            return records().stream()
                    .filter(record -> header(record, header).equals(value.toString()))
                    .findFirst();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    /** A header's value; empty if there is none. */
    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null ? "" : Facts.text(header.value());
    }

    private static <T> T get(Future<T> future) {
        try {
            return Eventually.result("the broker answers", future);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
        cluster.close();
    }
}
