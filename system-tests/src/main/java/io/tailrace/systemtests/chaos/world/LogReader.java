package io.tailrace.systemtests.chaos.world;

import io.tailrace.systemtests.chaos.check.LogIndex;
import io.tailrace.systemtests.chaos.check.LogIndex.PartitionName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the channel topics of some namespaces from their first committed record on into an index. Thread-safe. */
public final class LogReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String TOPIC = "tailrace.channels.";

    private final LogIndex index;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<PartitionName, Long> positions = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /** Starts to read. */
    public LogReader(String bootstrap, List<String> namespaces, LogIndex index) {
        this.index = index;
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A log that became shorter is a fault and no reason to begin again.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = namespaces.stream()
                .flatMap(namespace -> consumer.partitionsFor(TOPIC + namespace).stream())
                .map((PartitionInfo info) -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, 0));
        thread = Thread.ofPlatform().name("log-reader").daemon().start(this::read);
    }

    /** Up to where a partition was read. */
    public long position(PartitionName partition) {
        return positions.getOrDefault(partition, 0L);
    }

    /** Fails if reading has failed. */
    public void check() {
        RuntimeException fault = failure;
        if (fault != null) {
            throw new IllegalStateException("the log can't be read", fault);
        }
    }

    private void read() {
        try {
            while (!closed) {
                Map<PartitionName, Long> read = new HashMap<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    PartitionName partition =
                            new PartitionName(record.topic().substring(TOPIC.length()), record.partition());
                    index.append(
                            partition,
                            new String(record.key(), StandardCharsets.UTF_8),
                            new LogIndex.Appended(id(record), record.offset(), record.timestamp()));
                    read.put(partition, record.offset() + 1);
                }
                positions.putAll(read);
            }
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            consumer.close();
        }
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        @Nullable Header id = record.headers().lastHeader("ce_id");
        return id == null ? "" : new String(id.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
