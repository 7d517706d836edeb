package io.tailrace.edge.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.problem.ProblemException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a change reaches a stream on another edge: every edge reads this topic from a little before its own start, and
 * makes the changes of its own streams. One thread; {@link #send} may be called from any.
 */
@Context
final class ControlTopic {
    /** The type of its events. */
    static final String TYPE = "stream_change_requested";

    private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);
    private static final String SOURCE = "/tailrace/sse-edge";
    private static final TopicPartition PARTITION = new TopicPartition(Topics.EDGE_CONTROL, 0);
    private static final Duration POLL_WAIT = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int BROKER_TIMEOUT_MS = 5_000;
    private static final int SEND_TIMEOUT_MS = 2_000;
    private static final long PAUSE_MS = 500;

    /** Changes on their way to the log at a time; what it does not take in time is refused, so this is never waited for. */
    private static final int MAX_SENDING = 256;

    /** How far the clocks of edges and brokers may be apart; what is read in vain is of streams that are not here. */
    private static final long CLOCK_SKEW_MS = 60_000;

    private final KafkaSettings kafka;
    private final StreamChanges changes;
    private final Producer<byte[], byte[]> producer;
    private final Semaphore places = new Semaphore(MAX_SENDING);
    private final Counter refused;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("edge-control").unstarted(this::run);
    private final long startedAtMs = System.currentTimeMillis();
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private long position = -1;

    ControlTopic(KafkaSettings kafka, StreamChanges changes, MeterRegistry meters) {
        this.kafka = kafka;
        this.changes = changes;
        Map<String, Object> properties = kafka.producer("edge-control");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_TIMEOUT_MS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, SEND_TIMEOUT_MS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, SEND_TIMEOUT_MS);
        this.producer = new KafkaProducer<>(properties);
        this.refused = Counter.builder("tailrace.edge.changes.refused")
                .description("Changes for other edges that were refused because too many were on their way")
                .register(meters);
        Gauge.builder("tailrace.edge.changes.sending", () -> MAX_SENDING - places.availablePermits())
                .description("Changes on their way to other edges")
                .register(meters);
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    /**
     * Hands a change to all edges; completes when the log has it, and fails with a 503 if that takes too long or too many
     * changes are on their way already.
     */
    CompletionStage<Void> send(StreamChange change) {
        if (!places.tryAcquire()) {
            refused.increment();
            return CompletableFuture.failedFuture(ProblemException.unavailable(
                    MAX_SENDING + " changes are on their way to other edges already.", RETRY_AFTER, null));
        }
        Event event = new Event(
                UUID.randomUUID().toString(), TYPE, SOURCE, Instant.now(), change.connectionId(), Json.write(change));
        CompletableFuture<Void> sent = new CompletableFuture<>();
        // In a thread of its own, because the first send waits for the topic's metadata.
        Thread.ofVirtual().start(() -> append(change.connectionId(), event, sent));
        return sent.whenComplete((done, fault) -> places.release());
    }

    private void append(String connectionId, Event event, CompletableFuture<Void> sent) {
        try {
            producer.send(EventRecords.toRecord(Topics.EDGE_CONTROL, 0, connectionId, event), (where, fault) -> {
                if (fault == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(notAcknowledged(fault));
                }
            });
        } catch (RuntimeException e) {
            // What the producer throws instead of telling it, when it is closed for one: nobody may wait for ever.
            sent.completeExceptionally(notAcknowledged(e));
        }
    }

    private static ProblemException notAcknowledged(Throwable fault) {
        return ProblemException.unavailable("The log did not acknowledge the change in time.", RETRY_AFTER, fault);
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stop.countDown();
        Consumer<byte[], byte[]> reading = current;
        if (reading != null) {
            reading.wakeup();
        }
        thread.join(CLOSE_TIMEOUT.toMillis() * 2);
        producer.close(CLOSE_TIMEOUT);
    }

    private void run() {
        while (stop.getCount() > 0) {
            Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config());
            try {
                current = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                LOG.debug("stopped");
            } catch (RuntimeException e) {
                // Nobody else would begin again: whatever it is, a new consumer gets a new chance.
                LOG.warn("Changes from other edges can't be read for now: {}", e.toString());
                pause();
            } finally {
                consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        consumer.assign(List.of(PARTITION));
        place(consumer);
        consumer.seek(PARTITION, position);
        while (stop.getCount() > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_WAIT)) {
                take(record);
                position = record.offset() + 1;
            }
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
            OffsetAndTimestamp first = consumer.offsetsForTimes(Map.of(PARTITION, startedAtMs - CLOCK_SKEW_MS))
                    .get(PARTITION);
            position = first == null ? end : first.offset();
        }
        position = position > end ? end : Math.max(position, start);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (!(EventRecords.read(record) instanceof EventReading.Readable(Event event))
                || !event.type().equals(TYPE)) {
            LOG.warn("offset {} of {} is not a change of a stream", record.offset(), record.topic());
            return;
        }
        try {
            var unused = changes.make(Json.read(event.data(), StreamChange.class))
                    .whenComplete((result, fault) -> {
                        if (fault != null || result == StreamChanges.Result.BUSY) {
                            LOG.warn(
                                    "stream {}: its change was not made: {}",
                                    event.subject(),
                                    fault == null ? result : fault.toString());
                        }
                    });
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("offset {} of {}: {}", record.offset(), record.topic(), e.toString());
        }
    }

    private void pause() {
        try {
            if (stop.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.debug("stopped while the log was away");
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped while the log was away", e);
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = kafka.consumer("edge-control");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BROKER_TIMEOUT_MS);
        return config;
    }
}
