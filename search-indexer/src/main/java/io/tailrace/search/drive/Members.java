package io.tailrace.search.drive;

import java.util.Collection;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Places partitions that come, and keeps them from being read while the loop rests. Confined to the loop's thread.
 */
final class Members implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;
    private final java.util.function.Consumer<Collection<TopicPartition>> onAssigned;
    private final IntConsumer onGone;
    private boolean resting;

    /**
     * Of one consumer.
     *
     * @param onAssigned places partitions that have just come
     * @param onGone learns the numbers of partitions that are gone
     */
    Members(
            Consumer<byte[], byte[]> consumer,
            java.util.function.Consumer<Collection<TopicPartition>> onAssigned,
            IntConsumer onGone) {
        this.consumer = consumer;
        this.onAssigned = onAssigned;
        this.onGone = onGone;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        onAssigned.accept(partitions);
        if (resting) {
            consumer.pause(partitions);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> onGone.accept(partition.partition()));
    }

    void rest() {
        resting = true;
        consumer.pause(consumer.assignment());
    }

    void goOn() {
        resting = false;
        consumer.resume(consumer.assignment());
    }
}
