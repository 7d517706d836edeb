package io.tailrace.systemtests.chaos.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what {@code tailrace.job-commands} and {@code tailrace.job-events} have of the jobs of a run, from their first committed records on, into a history. Not thread-safe. */
final class JobLog implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMANDS = "tailrace.job-commands";
    private static final String EVENTS = "tailrace.job-events";

    /** That of the jobs of a run, and the key of their records. System schedules, which may fire meanwhile, have others. */
    private static final String QUEUE = "notifications";

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final JobHistory history;

    JobLog(String bootstrap, JobHistory history) {
        this.history = history;
        // A log that became shorter is a fault and no reason to begin again.
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "none"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(COMMANDS, EVENTS)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, 0));
    }

    /** Reads to the end of what is committed now. */
    void read() throws IOException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < Objects.requireNonNull(end.getValue()))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (!QUEUE.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                    continue;
                }
                String type = new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
                if (record.topic().equals(COMMANDS)) {
                    history.command(type, JSON.readTree(record.value()));
                } else {
                    history.see(type, JSON.readTree(record.value()));
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
