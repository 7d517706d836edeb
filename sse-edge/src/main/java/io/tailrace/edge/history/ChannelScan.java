package io.tailrace.edge.history;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads ranges of partitions and keeps the records of one channel. Used by one thread. */
final class ChannelScan implements AutoCloseable {
    /** What a record costs beside its key and value, so that very small ones are bounded too; about what it takes here. */
    private static final int RECORD_BYTES = 64;

    private final Consumer<byte[], byte[]> consumer;
    private final long timeoutMs;

    /**
     * A scan.
     *
     * @param consumer read-committed, without automatic reset; it belongs to the scan from now on
     * @param timeout for one range
     */
    ChannelScan(Consumer<byte[], byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeoutMs = timeout.toMillis();
    }

    /** Which records of a range are kept if the channel has more than are wanted. */
    enum Keep {
        /** The first ones; the range ends with the last of them. */
        OLDEST,
        /** The last ones. */
        NEWEST
    }

    /**
     * What was read.
     *
     * @param kept records of the channel, in offset order
     * @param to where the reading has ended
     * @param bytes of all records that were read, about
     * @param firstEpoch the leader epoch of the first record that was read; {@link Cursor#NO_EPOCH} if there was none
     */
    record ScannedRange(List<ConsumerRecord<byte[], byte[]>> kept, PagePosition to, long bytes, int firstEpoch) {}

    /**
     * Reads from {@code from} on, to {@code to} or until so many bytes were read; at least one record.
     *
     * @param key of the channel's records
     * @param most the most records that are kept, 1 or more
     * @throws TimeoutException if that takes too long
     */
    ScannedRange read(
            TopicPartition partition, PagePosition from, long to, byte[] key, Keep keep, int most, long maxBytes) {
        consumer.assign(Set.of(partition));
        consumer.seek(partition, from.offset());
        Deque<ConsumerRecord<byte[], byte[]>> kept = new ArrayDeque<>();
        long deadlineMs = MonotonicTime.nowMs() + timeoutMs;
        long bytes = 0;
        int firstEpoch = Cursor.NO_EPOCH;
        PagePosition at = from;
        while (at.offset() < to) {
            ConsumerRecords<byte[], byte[]> records = poll(partition, at, deadlineMs);
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                if (record.offset() >= to) {
                    return new ScannedRange(List.copyOf(kept), new PagePosition(to, at.epoch()), bytes, firstEpoch);
                }
                bytes += size(record);
                at = new PagePosition(record.offset() + 1, record.leaderEpoch().orElse(Cursor.NO_EPOCH));
                firstEpoch = firstEpoch == Cursor.NO_EPOCH ? at.epoch() : firstEpoch;
                if (Arrays.equals(record.key(), key)) {
                    kept.add(record);
                    if (keep == Keep.NEWEST && kept.size() > most) {
                        kept.removeFirst();
                    }
                }
                if (bytes >= maxBytes || (keep == Keep.OLDEST && kept.size() == most)) {
                    return new ScannedRange(List.copyOf(kept), at, bytes, firstEpoch);
                }
            }
            at = past(records, partition, at, to);
        }
        return new ScannedRange(List.copyOf(kept), at, bytes, firstEpoch);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private ConsumerRecords<byte[], byte[]> poll(TopicPartition partition, PagePosition at, long deadlineMs) {
        long leftMs = deadlineMs - MonotonicTime.nowMs();
        if (leftMs <= 0) {
            throw new TimeoutException(
                    partition + " at " + at.offset() + ": its end was not reached in " + timeoutMs + " ms");
        }
        return consumer.poll(Duration.ofMillis(leftMs));
    }

    /** Behind the last record there may be markers of transactions, which no consumer is given. */
    private static PagePosition past(
            ConsumerRecords<byte[], byte[]> records, TopicPartition partition, PagePosition at, long to) {
        OffsetAndMetadata next = records.nextOffsets().get(partition);
        return next == null || next.offset() <= at.offset()
                ? at
                : new PagePosition(Math.min(next.offset(), to), RecordFrames.epoch(next));
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        return RECORD_BYTES
                + Math.max(0, record.serializedKeySize())
                + (long) Math.max(0, record.serializedValueSize());
    }
}
