package io.tailrace.bench.jobs.arm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads which jobs have succeeded from the dispatcher's decisions, from where it has read to. Not thread-safe. */
final class Outcomes implements AutoCloseable {
    private static final String EVENTS = "tailrace.job-events";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Pattern ID = Pattern.compile("\"job\":\\{\"id\":\"([0-9a-f-]{36})\"");

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BitSet succeeded = new BitSet();
    private long repeated;

    Outcomes(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(EVENTS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads to the end of what is committed. */
    void read() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < Objects.requireNonNull(end.getValue()))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                @Nullable Header type = record.headers().lastHeader("ce_type");
                if (type != null && "job_succeeded".equals(text(type.value()))) {
                    note(text(record.value()));
                }
            }
        }
    }

    private void note(String event) {
        Matcher id = ID.matcher(event);
        if (!id.find()) {
            throw new IllegalStateException("a job_succeeded without a job: " + event);
        }
        int number = Commands.number(UUID.fromString(id.group(1)));
        if (number >= 0) {
            if (succeeded.get(number)) {
                repeated++;
            }
            succeeded.set(number);
        }
    }

    /** Which have. */
    BitSet succeeded() {
        return succeeded;
    }

    /** How often a job has succeeded that had succeeded before. */
    long repeated() {
        return repeated;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
