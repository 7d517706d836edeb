package io.tailrace.bench.recovery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the decisions as ingest-api does, from the log's end at its start. Not thread-safe. */
final class Answers implements AutoCloseable {
    private static final String EVENTS = "tailrace.seat-events";
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaConsumer<byte[], byte[]> consumer;

    Answers(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(EVENTS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /**
     * Reads until every one of these commands has its decision.
     *
     * @param accepted whether each must be accepted
     */
    void await(Set<UUID> commands, boolean accepted, long timeoutMs) {
        Set<String> open = new HashSet<>();
        commands.forEach(command -> open.add(command.toString()));
        long startedNs = System.nanoTime();
        while (!open.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                @Nullable Header id = record.headers().lastHeader("ce_id");
                boolean wanted = id != null && open.remove(new String(id.value(), StandardCharsets.UTF_8));
                String value = new String(record.value(), StandardCharsets.UTF_8);
                if (wanted && accepted && !value.contains("\"accepted\":true")) {
                    throw new IllegalStateException("a command was refused: " + value);
                }
            }
            if (System.nanoTime() - startedNs > TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
                throw new IllegalStateException(open.size() + " commands were not decided in " + timeoutMs + " ms");
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
