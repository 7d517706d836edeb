package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.log.EpochEnds.EpochEnd;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Has a consumer ask OffsetsForLeaderEpoch, for which Kafka's clients have no call of their own: a position with an epoch is
 * compared with the leader's log before anything is fetched (KIP-320), and one that no log reaches is always told to be
 * truncated, together with where the epoch ends. Partitions are asked together, one question of each at a time. Used by one
 * thread.
 */
final class EpochValidation {
    /** What is asked of a partition now, at an offset that no other question has: answers may come late. */
    private record Placed(EpochQuestion question, long offset) {}

    private final RecordFrames frames;
    private final Map<TopicPartition, Deque<Checked>> waiting = new HashMap<>();
    private final Map<TopicPartition, Placed> placed = new HashMap<>();
    private long nextOffset = Long.MAX_VALUE;
    private boolean overdue;

    /**
     * A question whose epoch the partition's leader may know.
     *
     * @param leaderEpoch the leader epoch that the partition has reached
     */
    record Checked(EpochQuestion question, int leaderEpoch) {}

    EpochValidation(RecordFrames frames) {
        this.frames = frames;
    }

    void add(Checked checked) {
        waiting.computeIfAbsent(frames.topicPartition(checked.question.id().partition()), tp -> new ArrayDeque<>())
                .add(checked);
    }

    /** Whether there is nothing to ask. Forgets what has found its answer or has waited too long. */
    boolean isIdle() {
        placed.values().removeIf(at -> {
            overdue |= at.question.isOver();
            return at.question.isOver();
        });
        waiting.values().removeIf(questions -> {
            questions.removeIf(checked -> checked.question.isOver());
            return questions.isEmpty();
        });
        return waiting.isEmpty();
    }

    /** Whether the consumer has let a question wait for too long, so that another one should be used. */
    boolean isOverdue() {
        return overdue;
    }

    /** Another consumer is used from now on, which knows of no position. */
    void begin() {
        placed.clear();
        overdue = false;
    }

    /**
     * Asks all partitions that have questions, and waits for some of the answers.
     *
     * @throws org.apache.kafka.common.KafkaException what the consumer throws
     */
    void turn(Consumer<byte[], byte[]> consumer, Duration wait) {
        if (!consumer.assignment().equals(waiting.keySet())) {
            consumer.assign(waiting.keySet());
            placed.keySet().retainAll(waiting.keySet());
        }
        waiting.forEach((topicPartition, questions) -> {
            if (!placed.containsKey(topicPartition)) {
                place(consumer, topicPartition, questions.element());
            }
        });
        try {
            // Positions that are not validated are not read from, and none ever is.
            var unused = consumer.poll(wait);
        } catch (LogTruncationException e) {
            e.offsetOutOfRangePartitions()
                    .forEach((topicPartition, offset) -> answered(
                            topicPartition, offset, e.divergentOffsets().get(topicPartition)));
            // Of answers that come at the same time the consumer tells one exception: the others are asked again.
            placed.clear();
        }
    }

    private void place(Consumer<byte[], byte[]> consumer, TopicPartition topicPartition, Checked checked) {
        long offset = nextOffset--;
        // A consumer asks no leader of an older epoch than it has seen: first it is told the newest one. A leader
        // that does not know yet that there is another could say that nothing was truncated.
        seek(consumer, topicPartition, offset, checked.leaderEpoch);
        seek(consumer, topicPartition, offset, checked.question.id().epoch());
        placed.put(topicPartition, new Placed(checked.question, offset));
    }

    private static void seek(Consumer<byte[], byte[]> consumer, TopicPartition topicPartition, long offset, int epoch) {
        consumer.seek(topicPartition, new OffsetAndMetadata(offset, Optional.of(epoch), ""));
    }

    private void answered(TopicPartition topicPartition, long offset, @Nullable OffsetAndMetadata end) {
        Placed at = placed.get(topicPartition);
        if (at == null || at.offset != offset) {
            return;
        }
        at.question
                .answer()
                .complete(
                        end == null
                                ? new EpochEnd(Cursor.NO_EPOCH, 0)
                                : new EpochEnd(RecordFrames.epoch(end), end.offset()));
    }
}
