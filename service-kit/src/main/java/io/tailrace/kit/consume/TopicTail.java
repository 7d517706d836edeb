package io.tailrace.kit.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads new records of all partitions of a topic. It starts at the end of the log, as of the first successful contact with the
 * brokers, and owns its thread. While brokers are unavailable it keeps its position and continues from there, so a restart of a broker
 * loses no record.
 */
public final class TopicTail implements MeterBinder {
    private static final Duration POLL_WAIT = Duration.ofSeconds(1);

    private final String topic;
    private final int partitions;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Listener listener;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Map<TopicPartition, Long> reached = new HashMap<>();
    private final SupervisedLoop loop;
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /** Receives the records on the tail's thread, in the order of each partition. */
    @FunctionalInterface
    public interface Listener {
        /** Handles a record. If this throws, the record is not read again. */
        void read(ConsumerRecord<byte[], byte[]> record);
    }

    /**
     * A tail; {@link #start} starts it.
     *
     * @param name the name of its thread, also in health and metrics
     * @param partitions the number of partitions of the topic
     * @param consumers makes consumers without a group and without a reset policy
     * @param backoff the pauses after failures; it belongs to the tail from now on
     */
    public TopicTail(
            String name,
            String topic,
            int partitions,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Backoff backoff,
            Listener listener) {
        this.topic = topic;
        this.partitions = partitions;
        this.consumers = consumers;
        this.listener = listener;
        this.loop = new SupervisedLoop(name, backoff, this::follow);
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(loop);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        loop.bindTo(registry);
    }

    /** Starts its thread. */
    public void start() {
        thread.start();
    }

    /** The state of its loop, for health and metrics. */
    public Loop loop() {
        return loop;
    }

    /** Whether the tail knows its start, so that every record that is written from now on will be read. */
    public boolean isReady() {
        return ready.isDone();
    }

    /**
     * Waits until {@link #isReady}, which happens only during the start of a service.
     *
     * @throws TimeoutException if the brokers do not report the end of the log in time
     */
    public void awaitReady(Duration timeout) throws TimeoutException, InterruptedException {
        if (ready.isDone()) {
            return;
        }
        try {
            ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it exceptionally", e);
        }
    }

    /** Stops its thread, and waits a bounded time for its end. */
    public void stop() throws InterruptedException {
        loop.stop();
        Consumer<byte[], byte[]> reading = current;
        if (reading != null) {
            reading.wakeup();
        }
        thread.join(ClosingConsumer.TIMEOUT.toMillis() * 2);
    }

    private void follow(SupervisedLoop self) {
        try (ClosingConsumer closing = new ClosingConsumer(consumers.get())) {
            current = closing.consumer();
            follow(self, closing.consumer());
        } finally {
            current = null;
        }
    }

    private void follow(SupervisedLoop self, Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        place(consumer, all);
        ready.complete(null);
        while (!self.isStopping()) {
            for (ConsumerRecord<byte[], byte[]> record : ContinuingPoll.poll(consumer, POLL_WAIT)) {
                tell(record);
            }
            all.forEach(partition -> reached.put(partition, ContinuingPoll.position(consumer, partition)));
            self.succeeded();
        }
    }

    private void tell(ConsumerRecord<byte[], byte[]> record) {
        try {
            listener.read(record);
        } catch (RuntimeException | Error e) {
            // One that ends the attempt must not be read again and again.
            reached.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            throw e;
        }
    }

    /** From where it was, if the log still has that; else from the log's end. */
    private void place(Consumer<byte[], byte[]> consumer, List<TopicPartition> all) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        for (TopicPartition partition : all) {
            long end = ends.getOrDefault(partition, 0L);
            long before = reached.getOrDefault(partition, end);
            boolean there = before >= begins.getOrDefault(partition, 0L) && before <= end;
            long from = there ? before : end;
            consumer.seek(partition, from);
            // At once: a consumer that fails before its first poll has an heir, and somebody may wait already.
            reached.put(partition, from);
        }
    }
}
