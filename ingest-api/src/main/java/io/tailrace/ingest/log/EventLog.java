package io.tailrace.ingest.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.log.AppendOutcome.Appended;
import io.tailrace.ingest.log.AppendOutcome.NotSent;
import io.tailrace.ingest.log.AppendOutcome.Unknown;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.trace.SendSpans;
import io.tailrace.kit.trace.Tracing;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends events to Kafka and says what became of each. Thread-safe; blocks its caller, so it is called on a thread that
 * may block. It waits at most {@link LogSettings#maxBlock()} and {@link LogSettings#deliveryTimeout()}, never longer.
 *
 * <p>An answer {@link Unknown} is honest and not a failure: a broker that died after it wrote the record and before it
 * said so cannot be told from one that died before. Whoever must know appends with an idempotency key.
 */
@Singleton
public final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration SLACK = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final LogSettings settings;
    private final Set<String> topics;
    private final Semaphore inFlight;
    private final Timer timer;
    private final Counter unacknowledged;
    private final Counter refused;
    private final @Nullable SendSpans spans;

    /** A log over {@code producer}, which is closed with it. */
    public EventLog(
            @KafkaClient(LogProducer.NAME) Producer<byte[], byte[]> producer,
            LogSettings settings,
            Namespaces namespaces,
            MeterRegistry meters,
            Tracing tracing) {
        this.producer = producer;
        this.spans = SendSpans.of(tracing, "io.tailrace.ingest");
        this.topics = Topics.all(namespaces).stream().map(TopicSpec::name).collect(Collectors.toUnmodifiableSet());
        this.settings = settings;
        this.inFlight = new Semaphore(settings.maxInFlight());
        this.timer = Timer.builder("tailrace.log.append")
                .description("From handing events to the producer until the last was acknowledged")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        this.unacknowledged = Counter.builder("tailrace.log.unacknowledged")
                .description("Events that the log did not acknowledge in time")
                .register(meters);
        this.refused = Counter.builder("tailrace.log.refused")
                .description("Requests that were refused because too many waited for the broker")
                .register(meters);
        Gauge.builder("tailrace.log.in.flight", () -> settings.maxInFlight() - inFlight.availablePermits())
                .description("Requests that wait for the broker")
                .register(meters);
    }

    /**
     * Appends events in order. Those of one partition stand in this order in the log; once one could not be sent, none
     * after it is sent.
     *
     * @return what became of each, in the order of {@code entries}
     * @throws ProblemException 413 if one of them is larger than a record may be, and 503 if too many requests wait
     *     already; then none was sent
     */
    public List<AppendOutcome> append(List<OutgoingEvent> entries) {
        for (OutgoingEvent entry : entries) {
            requireFits(entry);
        }
        acquire();
        try {
            long startNs = System.nanoTime();
            List<AppendOutcome> outcomes = await(send(entries));
            timer.record(System.nanoTime() - startNs, TimeUnit.NANOSECONDS);
            report(outcomes);
            return outcomes;
        } finally {
            inFlight.release();
        }
    }

    /**
     * Appends an event without waiting for the brokers. It may still block, at most {@link LogSettings#maxBlock()}, for
     * metadata or for room in the buffer.
     *
     * @return what became of it, completed on the producer's thread within {@link LogSettings#deliveryTimeout()}; never
     *     exceptionally
     * @throws ProblemException as {@link #append}
     */
    public CompletableFuture<AppendOutcome> appendSoon(OutgoingEvent entry) {
        requireFits(entry);
        acquire();
        long startNs = System.nanoTime();
        return sendOne(entry).whenComplete((outcome, e) -> {
            inFlight.release();
            timer.record(System.nanoTime() - startNs, TimeUnit.NANOSECONDS);
            report(List.of(outcome));
        });
    }

    /** Sends what is buffered, and takes nothing more. */
    @PreDestroy
    void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    /** Why an entry can never be appended as it is, or null if it can. */
    public @Nullable String fault(OutgoingEvent entry) {
        if (entry.sizeBytes() > settings.maxRecordBytes()) {
            return entry.sizeBytes() + " bytes, expected at most " + settings.maxRecordBytes();
        }
        if (!topics.contains(entry.topic())) {
            return "topic " + entry.topic() + " is not declared";
        }
        try {
            var unused = entry.record();
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** The answer to a request whose events were not all acknowledged. */
    public static ProblemException unavailable() {
        return ProblemException.unavailable(
                "The log did not acknowledge the event in time; it may have taken it. "
                        + "Send the request again with the same Idempotency-Key to learn the outcome.",
                RETRY_AFTER,
                null);
    }

    private void acquire() {
        if (!inFlight.tryAcquire()) {
            refused.increment();
            throw ProblemException.unavailable(
                    settings.maxInFlight() + " requests wait for the log already", Duration.ofSeconds(1), null);
        }
    }

    private void requireFits(OutgoingEvent entry) {
        long size = entry.sizeBytes();
        if (size > settings.maxRecordBytes()) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "An event of " + size + " bytes with its attributes, expected at most "
                            + settings.maxRecordBytes());
        }
    }

    private List<CompletableFuture<AppendOutcome>> send(List<OutgoingEvent> entries) {
        List<CompletableFuture<AppendOutcome>> pending = new ArrayList<>(entries.size());
        boolean broken = false;
        for (OutgoingEvent entry : entries) {
            CompletableFuture<AppendOutcome> outcome = broken
                    ? CompletableFuture.completedFuture(new NotSent("an event before it could not be sent"))
                    : sendOne(entry);
            broken |= outcome.isDone() && !(outcome.join() instanceof Appended);
            pending.add(outcome);
        }
        return pending;
    }

    private CompletableFuture<AppendOutcome> sendOne(OutgoingEvent entry) {
        CompletableFuture<AppendOutcome> outcome = new CompletableFuture<>();
        SendSpans.Sending sending = null;
        try {
            var record = entry.record();
            SendSpans.Sending sent = spans == null ? null : spans.start(record);
            sending = sent;
            var unused = producer.send(record, (metadata, e) -> {
                end(sent, metadata, e);
                if (e == null) {
                    outcome.complete(acknowledged(metadata));
                } else {
                    outcome.complete(new Unknown(e.toString()));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            end(sending, null, e);
            // The producer itself is beyond repair, or cannot be made: the next request gets a new one.
            outcome.complete(new NotSent(e.toString()));
        }
        return outcome;
    }

    private static void end(
            SendSpans.@Nullable Sending sending, @Nullable RecordMetadata metadata, @Nullable Exception fault) {
        if (sending != null && fault != null) {
            sending.failed(fault);
        } else if (sending != null && metadata != null) {
            sending.acknowledged(metadata.partition(), metadata.offset());
        }
    }

    private static AppendOutcome acknowledged(RecordMetadata metadata) {
        return metadata.hasOffset()
                ? new Appended(metadata.partition(), metadata.offset())
                : new Unknown("acknowledged without an offset");
    }

    private List<AppendOutcome> await(List<CompletableFuture<AppendOutcome>> pending) {
        long deadlineNs = System.nanoTime()
                + settings.deliveryTimeout()
                        .plus(settings.maxBlock())
                        .plus(SLACK)
                        .toNanos();
        List<AppendOutcome> outcomes = new ArrayList<>(pending.size());
        for (CompletableFuture<AppendOutcome> future : pending) {
            try {
                outcomes.add(future.get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                outcomes.add(new Unknown("no word from the producer"));
            } catch (ExecutionException e) {
                outcomes.add(new Unknown(String.valueOf(e.getCause())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                outcomes.add(new Unknown("interrupted"));
            }
        }
        return outcomes;
    }

    private void report(List<AppendOutcome> outcomes) {
        int failed = 0;
        String reason = "";
        for (AppendOutcome outcome : outcomes) {
            switch (outcome) {
                case Appended _ -> {}
                case Unknown unknown -> {
                    failed++;
                    reason = unknown.reason();
                }
                case NotSent notSent -> {
                    failed++;
                    reason = reason.isEmpty() ? notSent.reason() : reason;
                }
            }
        }
        if (failed > 0) {
            unacknowledged.increment(failed);
            LOG.warn("{} of {} events were not acknowledged: {}", failed, outcomes.size(), reason);
        }
    }
}
