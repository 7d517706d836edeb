package io.tailrace.ingest.decision;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.ContinuingPoll;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the decisions as they appear in the log and tells them to those who wait. One per node, over all partitions, from
 * the end that the log had when it began; it owns its thread. While brokers are away it stays where it is and goes on from
 * there, so that a restart of a broker or of the dispatcher costs no answer.
 *
 * @param <D> the type of the decisions
 */
public final class DecisionTail<D> {
    /**
     * Its bounds.
     *
     * @param readyTimeout how long a request waits, while the service starts, until the log's end is known
     * @param pollRecords the most decisions that are taken from the log at a time
     */
    public record Settings(Duration readyTimeout, int pollRecords) {}

    private static final Duration POLL_WAIT = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RETRY_FIRST = Duration.ofMillis(500);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(5);
    private static final int BROKER_TIMEOUT_MS = 5_000;

    private final Decisions<D> kind;
    private final Settings settings;
    private final Waiting<D> waiting;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Map<TopicPartition, Long> reached = new HashMap<>();
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final SupervisedLoop loop;
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /** One that tells {@code waiting}; {@link #start} starts it. */
    public DecisionTail(
            KafkaSettings kafka, Decisions<D> kind, Settings settings, Waiting<D> waiting, MeterRegistry meters) {
        this(
                () -> new KafkaConsumer<>(config(kafka, kind, settings)),
                new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()),
                kind,
                settings,
                waiting);
        loop.bindTo(meters);
    }

    /** The same with consumers and waits of one's own. */
    public DecisionTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Backoff backoff,
            Decisions<D> kind,
            Settings settings,
            Waiting<D> waiting) {
        this.consumers = consumers;
        this.loop = new SupervisedLoop(kind.loopName(), backoff, this::follow);
        this.thread = Thread.ofPlatform().daemon().name(loop.name()).unstarted(loop);
        this.kind = kind;
        this.settings = settings;
        this.waiting = waiting;
    }

    /** Starts its thread. */
    public void start() {
        thread.start();
    }

    /** How its reading is. */
    public Loop loop() {
        return loop;
    }

    /**
     * Returns when every decision from now on will be seen: at once, but for the first moments of a service.
     *
     * @throws ProblemException 503 if the log does not say in time where it ends
     */
    public void awaitReady() {
        if (ready.isDone()) {
            return;
        }
        try {
            ready.get(settings.readyTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw ProblemException.unavailable("The log does not answer", Duration.ofSeconds(1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service is stopping", Duration.ofSeconds(1), e);
        }
    }

    /** Ends its thread; waits for that, but for a bounded time. */
    public void stop() throws InterruptedException {
        loop.stop();
        Consumer<byte[], byte[]> reading = current;
        if (reading != null) {
            reading.wakeup();
        }
        thread.join(CLOSE_TIMEOUT.toMillis() * 2);
    }

    /** A consumer that is closed without waiting for brokers that may be away. */
    private record Closing(Consumer<byte[], byte[]> consumer) implements AutoCloseable {
        @Override
        public void close() {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }

    private void follow(SupervisedLoop self) {
        try (Closing closing = new Closing(consumers.get())) {
            current = closing.consumer();
            follow(self, closing.consumer());
        } finally {
            current = null;
        }
    }

    private void follow(SupervisedLoop self, Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = IntStream.range(0, Topics.FACT_PARTITIONS)
                .mapToObj(partition -> new TopicPartition(kind.topic(), partition))
                .toList();
        consumer.assign(partitions);
        place(consumer, partitions);
        ready.complete(null);
        while (!self.isStopping()) {
            for (ConsumerRecord<byte[], byte[]> record : ContinuingPoll.poll(consumer, POLL_WAIT)) {
                if (!waiting.isEmpty()) {
                    tell(record);
                }
            }
            partitions.forEach(partition -> reached.put(partition, ContinuingPoll.position(consumer, partition)));
            self.succeeded();
        }
    }

    private void tell(ConsumerRecord<byte[], byte[]> record) {
        try {
            kind.read(record, waiting::isWanted).ifPresent(waiting::tell);
        } catch (RuntimeException | Error e) {
            // One that ends the attempt must not be read again and again.
            reached.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            throw e;
        }
    }

    /** From where it was, if the log still has that: else from the log's end: who waits is told that it is undecided. */
    private void place(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long before = reached.getOrDefault(partition, end);
            boolean there = before >= begins.getOrDefault(partition, 0L) && before <= end;
            long from = there ? before : end;
            consumer.seek(partition, from);
            // At once: a consumer that fails before its first poll has an heir, and somebody may wait already.
            reached.put(partition, from);
        }
    }

    private static Map<String, Object> config(KafkaSettings kafka, Decisions<?> kind, Settings settings) {
        Map<String, Object> config = kafka.consumer("ingest-api-" + kind.loopName());
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.pollRecords());
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BROKER_TIMEOUT_MS);
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return config;
    }
}
