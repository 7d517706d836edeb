package io.tailrace.edge.control;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.ClosingConsumer;
import io.tailrace.kit.consume.ContinuingPoll;
import io.tailrace.kit.consume.SupervisedLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topic of the changes from a little before this edge's start, each message once, whatever becomes of its consumers.
 * It owns its thread.
 */
final class ControlReader {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.EDGE_CONTROL, 0);
    private static final Duration POLL_WAIT = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> taker;
    private final long fromMs;
    private final SupervisedLoop loop;
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private long position = -1;

    /**
     * A reader that has not been started.
     *
     * @param consumers makes one: read-committed, without automatic reset
     * @param fromMs the timestamp from which on messages count
     * @param taker of each message; must not throw
     */
    ControlReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Backoff backoff,
            long fromMs,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        this.consumers = consumers;
        this.fromMs = fromMs;
        this.taker = taker;
        this.loop = new SupervisedLoop("edge-control", backoff, this::follow);
        this.thread = Thread.ofPlatform().daemon().name("edge-control").unstarted(loop);
    }

    void start() {
        thread.start();
    }

    SupervisedLoop loop() {
        return loop;
    }

    void stop() throws InterruptedException {
        loop.stop();
        Consumer<byte[], byte[]> reading = current;
        if (reading != null) {
            reading.wakeup();
        }
        thread.join(ClosingConsumer.TIMEOUT.toMillis() * 2);
    }

    private void follow(SupervisedLoop self) {
        try (ClosingConsumer closing = new ClosingConsumer(consumers.get())) {
            Consumer<byte[], byte[]> consumer = closing.consumer();
            current = consumer;
            consumer.assign(List.of(PARTITION));
            place(consumer);
            consumer.seek(PARTITION, position);
            while (!self.isStopping()) {
                for (ConsumerRecord<byte[], byte[]> record : ContinuingPoll.poll(consumer, POLL_WAIT)) {
                    // Before it is taken: one that ends the attempt must not be taken again and again.
                    position = record.offset() + 1;
                    taker.accept(record);
                }
                position = ContinuingPoll.position(consumer, PARTITION);
                self.succeeded();
            }
        } finally {
            current = null;
        }
    }

    /**
     * At first by time and not at the end: streams open while this thread still looks for its place, and a change of one
     * of them must not be behind it.
     */
    private void place(Consumer<byte[], byte[]> consumer) {
        long start = consumer.beginningOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
        long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
        if (position < 0) {
            OffsetAndTimestamp first =
                    consumer.offsetsForTimes(Map.of(PARTITION, fromMs)).get(PARTITION);
            position = first == null ? end : first.offset();
        }
        position = position > end ? end : Math.max(position, start);
    }
}
