package io.tailrace.edge.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.kit.consume.Loop;
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
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a message reaches streams on whichever edge they are: every edge reads this topic from a little before its own start,
 * and obeys what is about its own streams, in the order of the topic. Messages that one edge receives stand there in the
 * order of their receipt. One thread reads and one writes; {@link #send} may be called from any.
 */
@Context
public final class ControlTopic {
    private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);
    private static final String SOURCE = "/tailrace/sse-edge";
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int BROKER_TIMEOUT_MS = 5_000;

    /** Messages on their way to the log at a time; what it does not take in time is refused, so this is never waited for. */
    private static final int MAX_SENDING = 256;

    /** How far the clocks of edges and brokers may be apart; what is read in vain is of streams that are not here. */
    private static final long CLOCK_SKEW_MS = 60_000;

    private final KafkaSettings kafka;
    private final StreamChanges changes;
    private final Disconnects disconnects;
    private final Producer<byte[], byte[]> producer;
    private final Semaphore places = new Semaphore(MAX_SENDING);

    /** One thread, because the producer keeps the order of its calls; apart, because the first waits for metadata. */
    private final ExecutorService sender = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("edge-control-send").unstarted(task));

    private final Counter refused;
    private final ControlReader reader;

    ControlTopic(
            KafkaSettings kafka,
            EdgeSettings.Tail settings,
            StreamChanges changes,
            Disconnects disconnects,
            @KafkaClient(ControlProducer.NAME) Producer<byte[], byte[]> producer,
            MeterRegistry meters) {
        this.kafka = kafka;
        this.changes = changes;
        this.disconnects = disconnects;
        this.producer = producer;
        this.reader = new ControlReader(
                () -> new KafkaConsumer<>(config()),
                settings.backoff(),
                System.currentTimeMillis() - CLOCK_SKEW_MS,
                this::take);
        reader.loop().bindTo(meters);
        this.refused = Counter.builder("tailrace.edge.changes.refused")
                .description("Changes of streams that were refused because too many were on their way to the log")
                .register(meters);
        Gauge.builder("tailrace.edge.changes.sending", () -> MAX_SENDING - places.availablePermits())
                .description("Changes of streams on their way to the log")
                .register(meters);
    }

    @PostConstruct
    void start() {
        reader.start();
    }

    /** How the reading of the topic is. */
    public Loop loop() {
        return reader.loop();
    }

    /**
     * Hands a message to all edges; completes when the log has it, and fails with a 503 if that takes too long or too many
     * messages are on their way already.
     */
    CompletionStage<Void> send(ControlMessage message) {
        if (!places.tryAcquire()) {
            refused.increment();
            return CompletableFuture.failedFuture(ProblemException.unavailable(
                    MAX_SENDING + " changes are on their way to the log already.", RETRY_AFTER, null));
        }
        Event event = new Event(
                UUID.randomUUID().toString(),
                message.type(),
                SOURCE,
                Instant.now(),
                message.key(),
                Json.write(message));
        CompletableFuture<Void> sent = new CompletableFuture<>();
        long dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ControlProducer.SEND_TIMEOUT_MS);
        try {
            sender.execute(() -> append(message.key(), event, sent, dueNanos));
        } catch (RejectedExecutionException e) {
            sent.completeExceptionally(notAcknowledged(e));
        }
        return sent.whenComplete((done, fault) -> places.release());
    }

    private void append(String key, Event event, CompletableFuture<Void> sent, long dueNanos) {
        if (System.nanoTime() - dueNanos > 0) {
            // Those before it have waited in vain: it does not wait as long again.
            sent.completeExceptionally(notAcknowledged(new TimeoutException("waited for those before it")));
            return;
        }
        try {
            producer.send(EventRecords.toRecord(Topics.EDGE_CONTROL, 0, key, event), (where, fault) -> {
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
        reader.stop();
        sender.shutdown();
        producer.close(CLOSE_TIMEOUT);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (!(EventRecords.read(record) instanceof EventReading.Readable(Event event))) {
            LOG.warn("offset {} of {} is not an event", record.offset(), record.topic());
            return;
        }
        try {
            switch (event.type()) {
                case StreamChange.TYPE -> changes.arrive(Json.read(event.data(), StreamChange.class));
                case Disconnect.Connection.TYPE ->
                    disconnects.make(Json.read(event.data(), Disconnect.Connection.class));
                case Disconnect.Subject.TYPE -> disconnects.make(Json.read(event.data(), Disconnect.Subject.class));
                default -> LOG.warn("offset {} of {}: unknown {}", record.offset(), record.topic(), event.type());
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.warn("offset {} of {}: {}", record.offset(), record.topic(), e.toString());
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = kafka.consumer("edge-control");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BROKER_TIMEOUT_MS);
        return config;
    }
}
