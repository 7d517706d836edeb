package io.tailrace.search.drive;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads as a member of a group from the positions that it has committed, or from the log's start, and notices when the log
 * has lost what was read. A reset policy would go on after an unclean election without a word (KIP-320), so there is none.
 * Confined to one thread.
 */
final class GroupReader {
    private static final Logger LOG = LoggerFactory.getLogger(GroupReader.class);

    private final Consumer<byte[], byte[]> consumer;

    /** Positions with the leader epochs of what is before them, not committed yet. */
    private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();

    /** How far this reader itself has come, in partitions that it has now or had before. */
    private final Map<TopicPartition, OffsetAndMetadata> reached = new HashMap<>();

    private boolean truncated;

    /** Over a consumer without a reset policy. */
    GroupReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Whether records were read that the log does not have any more. Stays so. */
    boolean isTruncated() {
        return truncated;
    }

    /**
     * Places partitions that were just assigned: where the group has committed, but never before what this reader itself has
     * done. The election that cuts the log can cut the topic of committed offsets as well; a reader that began again at an old
     * position would find the new records there and never learn that the old ones are gone.
     */
    void assigned(Collection<TopicPartition> partitions) {
        // What was not committed before it went away may be behind what another member has committed since.
        pending.keySet().removeAll(Set.copyOf(partitions));
        Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>(reached);
        known.keySet().retainAll(partitions);
        if (known.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = committed(known.keySet());
        known.forEach((partition, own) -> {
            OffsetAndMetadata ofGroup = committed.get(partition);
            if (ofGroup == null || ofGroup.offset() < own.offset()) {
                consumer.seek(partition, own);
            }
        });
    }

    /** Nothing if the brokers do not say; what this reader has done itself then stands. */
    private Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        try {
            return consumer.committed(partitions);
        } catch (RetriableException e) {
            LOG.info("The committed offsets of {} are unknown: {}", partitions, e.toString());
            return Map.of();
        }
    }

    /** Polls; brings nothing if a partition had to be placed, or if the log was truncated. */
    ConsumerRecords<byte[], byte[]> poll(Duration wait) {
        try {
            return consumer.poll(wait);
        } catch (NoOffsetForPartitionException e) {
            consumer.seekToBeginning(e.partitions());
        } catch (LogTruncationException e) {
            LOG.warn("{} has lost records that were indexed: {}", e.offsetOutOfRangePartitions(), e.getMessage());
            truncated = true;
        } catch (OffsetOutOfRangeException e) {
            goOnBehindRetention(e.offsetOutOfRangePartitions());
        }
        return ConsumerRecords.empty();
    }

    /** An offset beyond the log's end without a leader epoch is that of a log which has become shorter. */
    private void goOnBehindRetention(Map<TopicPartition, Long> outOfRange) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(outOfRange.keySet());
        Set<TopicPartition> behind = new HashSet<>();
        outOfRange.forEach((partition, offset) -> {
            if (offset < begins.getOrDefault(partition, 0L)) {
                behind.add(partition);
            } else {
                LOG.warn("{} ends before offset {}, up to which it was indexed", partition, offset);
                truncated = true;
            }
        });
        if (!behind.isEmpty()) {
            LOG.warn("retention has deleted records of {} before they were indexed", behind);
            consumer.seekToBeginning(behind);
        }
    }

    /**
     * Where it is.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if the brokers are away
     */
    long position(TopicPartition partition) {
        try {
            return consumer.position(partition);
        } catch (NoOffsetForPartitionException e) {
            consumer.seekToBeginning(e.partitions());
            return consumer.position(partition);
        }
    }

    /** What was read is where it belongs. */
    void done(ConsumerRecords<byte[], byte[]> records) {
        pending.putAll(records.nextOffsets());
        reached.putAll(records.nextOffsets());
    }

    /**
     * Commits all that is done.
     *
     * @throws org.apache.kafka.clients.consumer.CommitFailedException if it is not a member any more
     * @throws org.apache.kafka.common.errors.RetriableException if the brokers are away, or the group is rebalancing
     */
    void commit() {
        pending.keySet().retainAll(consumer.assignment());
        if (!pending.isEmpty()) {
            consumer.commitSync(Map.copyOf(pending));
            pending.clear();
        }
    }
}
