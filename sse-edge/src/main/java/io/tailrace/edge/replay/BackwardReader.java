package io.tailrace.edge.replay;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.kit.time.MonotonicTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads which channels a range of a partition has records of. Used by one thread. */
final class BackwardReader implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final long timeoutMs;

    /** A reader; the consumer belongs to it from now on. */
    BackwardReader(Consumer<byte[], byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeoutMs = timeout.toMillis();
    }

    /**
     * What was read.
     *
     * @param seen the records of the wanted channels, in offset order
     * @param bytes of all records
     */
    record Found(List<LastSearch.Seen> seen, long bytes) {}

    /**
     * Reads {@code [from, to)}.
     *
     * @throws TimeoutException if that takes too long
     */
    Found read(TopicPartition partition, long from, long to, Set<String> channels) {
        consumer.assign(Set.of(partition));
        consumer.seek(partition, from);
        List<LastSearch.Seen> seen = new ArrayList<>();
        long deadlineMs = nowMs() + timeoutMs;
        long bytes = 0;
        long position = from;
        while (position < to) {
            long leftMs = deadlineMs - nowMs();
            if (leftMs <= 0) {
                throw new TimeoutException(partition + " at " + position + ": nothing came in " + timeoutMs + " ms");
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(leftMs));
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                byte @Nullable [] key = record.key();
                String channel = key == null ? "" : new String(key, StandardCharsets.UTF_8);
                bytes += Math.max(0, record.serializedValueSize()) + channel.length();
                if (record.offset() < to && channels.contains(channel)) {
                    seen.add(new LastSearch.Seen(
                            channel, record.offset(), record.leaderEpoch().orElse(Cursor.NO_EPOCH)));
                }
            }
            OffsetAndMetadata next = records.nextOffsets().get(partition);
            position = next == null ? position : next.offset();
        }
        return new Found(seen, bytes);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static long nowMs() {
        return MonotonicTime.nowMs();
    }
}
