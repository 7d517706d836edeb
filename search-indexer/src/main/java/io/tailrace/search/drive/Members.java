package io.tailrace.search.drive;

import java.util.Collection;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/** Keeps partitions that come while the loop rests from being read. Confined to the loop's thread. */
final class Members implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;
    private final IntConsumer onGone;
    private boolean resting;

    Members(Consumer<byte[], byte[]> consumer, IntConsumer onGone) {
        this.consumer = consumer;
        this.onGone = onGone;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
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
