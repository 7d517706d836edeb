package io.tailrace.workers.redrive;

import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads parts of the log. Confined to one thread; whoever opens it closes it. */
final class LogReader implements AutoCloseable {
    private static final Duration POLL_WAIT = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BooleanSupplier stopping;

    private LogReader(Map<String, Object> config, BooleanSupplier stopping) {
        this.consumer = new KafkaConsumer<>(config);
        this.stopping = stopping;
    }

    /** What was committed. */
    static LogReader ofCommitted(KafkaSettings kafka, BooleanSupplier stopping) {
        return new LogReader(kafka.consumer("tailrace-redrive"), stopping);
    }

    /** Also what is not committed, or was aborted: all that is before a record of a transaction of our own. */
    static LogReader ofAll(KafkaSettings kafka, BooleanSupplier stopping) {
        Map<String, Object> config = kafka.consumer("tailrace-redrive-all");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        return new LogReader(config, stopping);
    }

    Map<TopicPartition, Long> ends(Collection<TopicPartition> all) {
        return consumer.endOffsets(all);
    }

    long beginning(TopicPartition at) {
        return consumer.beginningOffsets(List.of(at)).getOrDefault(at, 0L);
    }

    /**
     * Reads partitions from some offsets, or where the log begins now if that is behind, to others.
     *
     * @param from the first offset of each
     * @param to the offset behind the last one of each
     * @throws InterruptedException if it is told to stop
     */
    void read(
            Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, Consumer<ConsumerRecord<byte[], byte[]>> each)
            throws InterruptedException {
        if (from.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> open = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(from.keySet());
        from.forEach((at, offset) -> {
            long first = Math.max(offset, beginnings.getOrDefault(at, 0L));
            if (first < to.getOrDefault(at, 0L)) {
                open.put(at, first);
            }
        });
        consumer.assign(open.keySet());
        open.forEach(consumer::seek);
        while (open.keySet().stream().anyMatch(at -> consumer.position(at) < to.getOrDefault(at, 0L))) {
            if (stopping.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("told to stop");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_WAIT)) {
                if (record.offset() < to.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                    each.accept(record);
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
}
