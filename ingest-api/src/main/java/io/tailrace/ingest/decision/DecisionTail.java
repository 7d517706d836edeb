package io.tailrace.ingest.decision;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.TopicTail;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Reads the decisions as they appear in the log and tells them to those who wait. One per node, over all partitions. Where the log no
 * longer has what was not read, it goes on at its end: who waits is told that it is undecided.
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

    private static final Duration RETRY_FIRST = Duration.ofMillis(500);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(5);
    private static final int BROKER_TIMEOUT_MS = 5_000;

    private final Decisions<D> kind;
    private final Settings settings;
    private final Waiting<D> waiting;
    private final TopicTail tail;

    /** One that tells {@code waiting}; {@link #start} starts it. */
    public DecisionTail(
            KafkaSettings kafka, Decisions<D> kind, Settings settings, Waiting<D> waiting, MeterRegistry meters) {
        this(
                () -> new KafkaConsumer<>(config(kafka, kind, settings)),
                new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()),
                kind,
                settings,
                waiting);
        tail.bindTo(meters);
    }

    /** The same with consumers and waits of one's own. */
    public DecisionTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Backoff backoff,
            Decisions<D> kind,
            Settings settings,
            Waiting<D> waiting) {
        this.kind = kind;
        this.settings = settings;
        this.waiting = waiting;
        this.tail =
                new TopicTail(kind.loopName(), kind.topic(), Topics.FACT_PARTITIONS, consumers, backoff, this::read);
    }

    /** Starts its thread. */
    public void start() {
        tail.start();
    }

    /** How its reading is. */
    public Loop loop() {
        return tail.loop();
    }

    /**
     * Returns when every decision from now on will be seen: at once, but for the first moments of a service.
     *
     * @throws ProblemException 503 if the log does not say in time where it ends
     */
    public void awaitReady() {
        try {
            tail.awaitReady(settings.readyTimeout());
        } catch (TimeoutException e) {
            throw ProblemException.unavailable("The log does not answer", Duration.ofSeconds(1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service is stopping", Duration.ofSeconds(1), e);
        }
    }

    /** Ends its thread; waits for that, but for a bounded time. */
    public void stop() throws InterruptedException {
        tail.stop();
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        if (!waiting.isEmpty()) {
            kind.read(record, waiting::isWanted).ifPresent(waiting::tell);
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
