package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the tailer's consumer reads: the partitions that have a position. Belongs to the tailer's thread. */
final class Assignment {
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, TailedPartition> assigned = new HashMap<>();
    private final @Nullable DeliverySpans spans;
    private long recordsTotal;

    Assignment(Consumer<byte[], byte[]> consumer, @Nullable DeliverySpans spans) {
        this.consumer = consumer;
        this.spans = spans;
    }

    boolean isEmpty() {
        return assigned.isEmpty();
    }

    Collection<TailedPartition> partitions() {
        return assigned.values();
    }

    long recordsTotal() {
        return recordsTotal;
    }

    /**
     * Reads the partition too, from {@code offset}; of the others nothing that was fetched already is lost.
     *
     * @param epoch of the last record before it, so that the leader is asked whether it has that before it is read from
     *     (KIP-320); {@link Cursor#NO_EPOCH} if it is not known. Never above the leader's, for which the consumer would wait
     * @throws IllegalStateException if the consumer does not take it; it is among those of {@link #clear} then
     */
    void add(TailedPartition partition, long offset, int epoch) {
        assigned.put(partition.topicPartition(), partition);
        Optional<Integer> known = epoch == Cursor.NO_EPOCH ? Optional.empty() : Optional.of(epoch);
        assign(() -> consumer.seek(partition.topicPartition(), new OffsetAndMetadata(offset, known, "")));
    }

    /**
     * Reads the partition no more; null if it did not.
     *
     * @throws IllegalStateException as {@link #add}
     */
    @Nullable
    TailedPartition remove(TopicPartition topicPartition) {
        TailedPartition partition = assigned.remove(topicPartition);
        if (partition != null) {
            try {
                assign(() -> {});
            } catch (RuntimeException | Error e) {
                assigned.put(topicPartition, partition);
                throw e;
            }
        }
        return partition;
    }

    /** Reads nothing any more, without telling the consumer, which is doubtful. */
    List<TailedPartition> clear() {
        List<TailedPartition> all = List.copyOf(assigned.values());
        assigned.clear();
        return all;
    }

    /**
     * Reads, keeps each partition's batch in its window, and gives each loop all of its batches at once.
     *
     * @param doubtful gets partitions with records of another leader, of which nothing is handed out before the log was compared
     */
    void handOut(Duration timeout, Collection<TopicPartition> doubtful) {
        read(timeout, doubtful)
                .forEach((loop, batches) -> loop.post(
                        core -> batches.forEach(core::onBatch),
                        batches.stream().mapToLong(Batch::byteSize).sum()));
        if (spans != null) {
            spans.handedOut();
        }
    }

    private Map<LoopInbox, List<Batch>> read(Duration timeout, Collection<TopicPartition> doubtful) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
        recordsTotal += records.count();
        Map<LoopInbox, List<Batch>> byLoop = new HashMap<>();
        // The next offsets and not the records say how far it went: markers and aborted records leave holes.
        records.nextOffsets().forEach((topicPartition, next) -> {
            TailedPartition partition = assigned.get(topicPartition);
            List<Batch> batches = partition == null ? List.of() : batches(partition, records, next);
            if (partition != null && !batches.stream().allMatch(partition::isCompared)) {
                doubtful.add(topicPartition);
            } else if (partition != null && !batches.isEmpty()) {
                batches.forEach(partition::append);
                for (LoopInbox loop : partition.loops()) {
                    byLoop.computeIfAbsent(loop, l -> new ArrayList<>()).addAll(batches);
                }
                if (spans != null) {
                    spans.read(partition, records.records(topicPartition));
                }
            }
        });
        return byLoop;
    }

    /** Committed records that were not read yet, as far as the last fetches said. */
    long lagRecords() {
        long lag = 0;
        for (TopicPartition partition : assigned.keySet()) {
            lag += consumer.currentLag(partition).orElse(0);
        }
        return lag;
    }

    private static List<Batch> batches(
            TailedPartition partition, ConsumerRecords<byte[], byte[]> records, OffsetAndMetadata next) {
        PartitionWindow window = partition.window();
        Generation generation = partition.generation();
        if (window == null || generation == null || next.offset() <= window.head()) {
            return List.of();
        }
        return RecordFrames.batches(
                partition.id(),
                generation,
                window.head(),
                next.offset(),
                RecordFrames.epoch(next),
                records.records(partition.topicPartition()));
    }

    /** What fails here leaves the consumer with other partitions than those that are known: no retry would mend that. */
    private void assign(Runnable seek) {
        try {
            consumer.assign(Set.copyOf(assigned.keySet()));
            seek.run();
        } catch (KafkaException e) {
            throw new IllegalStateException("the tailer's consumer did not take its partitions", e);
        }
    }
}
