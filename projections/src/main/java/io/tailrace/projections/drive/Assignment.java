package io.tailrace.projections.drive;

import io.tailrace.projections.position.Move;
import io.tailrace.projections.position.Position;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that the group has given to this instance. One is <em>placed</em> when the consumer reads on from the
 * position that the database has, and <em>waiting</em> (paused) until then. Confined to the loop's thread.
 */
final class Assignment implements ConsumerRebalanceListener {
    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final IntConsumer onGone;
    private final Map<Integer, Long> placed = new HashMap<>();
    private final Set<Integer> waiting = new HashSet<>();

    Assignment(String topic, Consumer<byte[], byte[]> consumer, IntConsumer onGone) {
        this.topic = topic;
        this.consumer = consumer;
        this.onGone = onGone;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            // Any position keeps the consumer from asking Kafka for a committed one, which there is none of; paused, it
            // reads nothing from it. The database is asked outside of this callback, where a failure can be retried.
            consumer.seek(partition, 0);
            placed.remove(partition.partition());
            waiting.add(partition.partition());
        }
        consumer.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            placed.remove(partition.partition());
            waiting.remove(partition.partition());
            onGone.accept(partition.partition());
        }
    }

    /** Whether there is no partition. */
    boolean isEmpty() {
        return placed.isEmpty() && waiting.isEmpty();
    }

    /** The partitions that wait for a position. */
    Set<TopicPartition> waiting() {
        Set<TopicPartition> partitions = new HashSet<>();
        waiting.forEach(partition -> partitions.add(partition(partition)));
        return partitions;
    }

    /**
     * Reads on from {@code position}, which the database has. If its leader epoch is known, the consumer asks the leader first
     * whether its log still is the one that was applied (KIP-320), and if not, the next poll throws {@link
     * org.apache.kafka.clients.consumer.LogTruncationException}.
     */
    void place(int partition, Position position) {
        TopicPartition where = partition(partition);
        Optional<Integer> leaderEpoch = position.leaderEpoch() == Position.UNKNOWN_EPOCH
                ? Optional.empty()
                : Optional.of(position.leaderEpoch());
        consumer.seek(where, new OffsetAndMetadata(position.nextOffset(), leaderEpoch, ""));
        consumer.resume(Set.of(where));
        waiting.remove(partition);
        placed.put(partition, position.nextOffset());
    }

    /** Nothing is read until the positions have been taken from the database again. */
    void displaceAll() {
        consumer.pause(consumer.assignment());
        waiting.addAll(placed.keySet());
        placed.clear();
    }

    /** By placed partition, the position that the database has. */
    Map<Integer, Long> positions() {
        return Map.copyOf(placed);
    }

    /**
     * By placed partition, the position that the consumer has reached, markers and holes included.
     *
     * @param polled the positions with their leader epochs, of those partitions that the last poll has moved
     */
    Map<Integer, Position> reached(Map<TopicPartition, OffsetAndMetadata> polled) {
        Map<Integer, Position> reached = new HashMap<>();
        for (int partition : placed.keySet()) {
            long offset = consumer.position(partition(partition));
            OffsetAndMetadata next = polled.get(partition(partition));
            int leaderEpoch = next != null && next.offset() == offset
                    ? next.leaderEpoch().orElse(Position.UNKNOWN_EPOCH)
                    : Position.UNKNOWN_EPOCH;
            reached.put(partition, new Position(offset, leaderEpoch));
        }
        return reached;
    }

    /** The database has taken these steps. */
    void moved(List<Move> moves) {
        moves.forEach(move -> placed.replace(move.partition(), move.to()));
    }

    /** By placed partition, the records that the log has and the database has not; unknown before the first fetch. */
    Map<Integer, Long> lags() {
        Map<Integer, Long> lags = new HashMap<>();
        for (int partition : placed.keySet()) {
            OptionalLong lag = consumer.currentLag(partition(partition));
            if (lag.isPresent()) {
                lags.put(partition, lag.getAsLong());
            }
        }
        return lags;
    }

    private TopicPartition partition(int partition) {
        return new TopicPartition(topic, partition);
    }
}
