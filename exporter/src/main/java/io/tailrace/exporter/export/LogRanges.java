package io.tailrace.exporter.export;

import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the log has of a source, and its records. Each call has a consumer of its own. Thread-safe; blocks. */
public final class LogRanges {
    private static final Duration POLL_WAIT = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaSettings kafka;

    /** Takes a record, on the thread that reads. */
    @FunctionalInterface
    public interface Reader {
        /** The next record of the range. */
        void take(ConsumerRecord<byte[], byte[]> record) throws Exception;
    }

    /** Of the log of these settings. */
    public LogRanges(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * The plan of a job that begins now.
     *
     * @param exported up to where earlier jobs have exported each partition
     */
    public ExportPlan plan(Source source, Bounds bounds, Map<Integer, Long> exported, ExporterSettings settings) {
        return ExportPlan.of(source, bounds, available(source, bounds.from(), bounds.to()), exported, settings);
    }

    /**
     * What the log has of each partition, of what is committed: from the first record at or behind a time to the last one before another.
     *
     * @param from null for the beginning
     * @param to null for the end
     */
    public List<Range> available(Source source, @Nullable Instant from, @Nullable Instant to) {
        List<TopicPartition> all = IntStream.range(0, source.partitions())
                .mapToObj(partition -> new TopicPartition(source.topic(), partition))
                .toList();
        try (Closing closing = open()) {
            KafkaConsumer<byte[], byte[]> consumer = closing.consumer();
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Map<TopicPartition, Long> first = from == null ? beginnings : at(consumer, all, from, ends);
            Map<TopicPartition, Long> last = to == null ? ends : at(consumer, all, to, ends);
            Map<Integer, Range> ranges = new TreeMap<>();
            for (TopicPartition at : all) {
                long end = Math.min(last.getOrDefault(at, 0L), ends.getOrDefault(at, 0L));
                ranges.put(at.partition(), new Range(at.partition(), Math.min(first.getOrDefault(at, 0L), end), end));
            }
            return List.copyOf(ranges.values());
        }
    }

    private static Map<TopicPartition, Long> at(
            KafkaConsumer<byte[], byte[]> consumer,
            List<TopicPartition> all,
            Instant time,
            Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> times = new HashMap<>();
        all.forEach(at -> times.put(at, Math.max(0, time.toEpochMilli())));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition at : all) {
            OffsetAndTimestamp offset = found.get(at);
            offsets.put(at, offset == null ? ends.getOrDefault(at, 0L) : offset.offset());
        }
        return offsets;
    }

    /**
     * Reads a range in order.
     *
     * @param stopping asked between batches
     * @throws InterruptedException if it is told to stop
     * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the log has lost what was not read yet
     * @throws Exception what the reader throws
     */
    public void read(Source source, Range range, BooleanSupplier stopping, Reader reader) throws Exception {
        TopicPartition at = new TopicPartition(source.topic(), range.partition());
        try (Closing closing = open()) {
            KafkaConsumer<byte[], byte[]> consumer = closing.consumer();
            consumer.assign(List.of(at));
            consumer.seek(at, range.from());
            while (consumer.position(at) < range.to()) {
                if (stopping.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("told to stop");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_WAIT)) {
                    if (record.offset() < range.to()) {
                        reader.take(record);
                    }
                }
            }
        }
    }

    private Closing open() {
        return new Closing(new KafkaConsumer<>(kafka.consumer("tailrace-exporter")));
    }

    private record Closing(KafkaConsumer<byte[], byte[]> consumer) implements AutoCloseable {
        @Override
        public void close() {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }
}
