package io.tailrace.edge.replay;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.replay.plan.ReplayRange;
import io.tailrace.edge.window.Batch;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ranges with a consumer of its own. Partitions that were read lately stay assigned, paused: what the consumer
 * has fetched ahead of the last range is there for the next one. Used by one thread.
 */
public final class ReplayRangeReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayRangeReader.class);
    private static final int KEPT_PARTITIONS = 32;

    private final Consumer<byte[], byte[]> consumer;
    private final RecordFrames frames;
    private final long timeoutMs;
    /** Each with the version of the log that its position is of. */
    private final LinkedHashMap<TopicPartition, Long> kept = new LinkedHashMap<>();

    /**
     * A reader.
     *
     * @param consumer read-committed, without automatic reset; it belongs to the reader from now on
     * @param timeout for one range
     */
    public ReplayRangeReader(Consumer<byte[], byte[]> consumer, RecordFrames frames, Duration timeout) {
        this.consumer = consumer;
        this.frames = frames;
        this.timeoutMs = timeout.toMillis();
    }

    /** What became of a range. */
    public sealed interface ReadResult {}

    /**
     * It was read.
     *
     * @param chunk from the range's first offset on
     * @param readBytes bytes of its records
     */
    public record Read(Batch chunk, long readBytes) implements ReadResult {}

    /**
     * It begins before the start of the log.
     *
     * @param logStart the first offset that is left
     */
    public record Gone(long logStart) implements ReadResult {}

    /** It could not be read in time, or is not in the log. */
    public record Failed() implements ReadResult {}

    /**
     * Reads until about {@code maxBytes} were read, at least one step forward.
     *
     * @param logVersion of the partition: what was fetched ahead of another one is not used
     * @throws KafkaException if the fault is the consumer's and not the partition's: another reader has to be made
     */
    public ReadResult read(ReplayRange range, long logVersion) {
        TopicPartition partition = frames.topicPartition(range.partition());
        try {
            turnTo(partition, range.fromOffset(), logVersion);
            return readOn(range, partition);
        } catch (OffsetOutOfRangeException e) {
            forget(partition);
            return outOfRange(range, partition);
        } catch (ApiException e) {
            // About this partition: leaderless, unknown, not to be read.
            forget(partition);
            LOG.warn("{} from {}: {}", partition, range.fromOffset(), e.toString());
            return new Failed();
        }
    }

    /** Has a read that is under way fail at once. The one method that any thread may call. */
    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        try {
            consumer.close();
        } catch (KafkaException e) {
            LOG.debug("a replay consumer was closed while it was woken", e);
        }
    }

    private ReadResult readOn(ReplayRange range, TopicPartition partition) {
        long deadlineMs = nowMs() + timeoutMs;
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        long position = range.fromOffset();
        int epoch = Cursor.NO_EPOCH;
        long bytes = 0;
        while (bytes < range.maxBytes()) {
            long leftMs = position > range.fromOffset() ? 0 : deadlineMs - nowMs();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(Math.max(0, leftMs)));
            OffsetAndMetadata next = records.nextOffsets().get(partition);
            if (next == null || next.offset() <= position) {
                break;
            }
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                read.add(record);
                bytes += size(record);
            }
            position = next.offset();
            epoch = RecordFrames.epoch(next);
        }
        if (position == range.fromOffset()) {
            forget(partition);
            LOG.warn("{} from {}: received no records within {} ms", partition, position, timeoutMs);
            return new Failed();
        }
        // What follows a change of the leader epoch is another chunk: it is read again if somebody wants it.
        Batch chunk = RecordFrames.batches(
                        range.partition(), range.generation(), range.fromOffset(), position, epoch, read)
                .getFirst();
        return new Read(chunk, bytes);
    }

    private ReadResult outOfRange(ReplayRange range, TopicPartition partition) {
        try {
            Long start = consumer.beginningOffsets(Set.of(partition), Duration.ofMillis(timeoutMs))
                    .get(partition);
            return start != null && start > range.fromOffset() ? new Gone(start) : new Failed();
        } catch (KafkaException e) {
            LOG.warn("the start of {} is unknown: {}", partition, e.toString());
            return new Failed();
        }
    }

    private void turnTo(TopicPartition partition, long offset, long logVersion) {
        Long before = kept.get(partition);
        if (before != null && before != logVersion) {
            forget(partition);
        }
        consumer.pause(kept.keySet());
        boolean known = kept.remove(partition) != null;
        kept.put(partition, logVersion);
        if (!known) {
            if (kept.size() > KEPT_PARTITIONS) {
                kept.pollFirstEntry();
            }
            consumer.assign(Set.copyOf(kept.keySet()));
            consumer.pause(kept.keySet());
            consumer.seek(partition, offset);
        } else if (position(partition) != offset) {
            consumer.seek(partition, offset);
        }
        consumer.resume(Set.of(partition));
    }

    private long position(TopicPartition partition) {
        return consumer.position(partition, Duration.ofMillis(timeoutMs));
    }

    /** After a fault nothing about the partition is trusted: the next range starts with a new position. */
    private void forget(TopicPartition partition) {
        if (kept.remove(partition) != null) {
            consumer.assign(Set.copyOf(kept.keySet()));
        }
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
    }

    private static long nowMs() {
        return MonotonicTime.nowMs();
    }
}
