package io.tailrace.workers.answer;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one attempt at an answer says to {@code answer:{owner}:{id}}, without waiting for the brokers. Each event has the number of the
 * attempt, and its own number within it. An attempt that has to stop writes nothing. Thread-safe.
 */
final class AnswerChannel {
    private static final String SOURCE = "/tailrace/workers";

    private final Producer<byte[], byte[]> producer;
    private final Channel channel;
    private final Namespace namespace;
    private final JobContext job;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private int next;
    private @Nullable Future<?> last;

    AnswerChannel(
            Producer<byte[], byte[]> producer, Namespaces namespaces, UUID owner, JobContext job, InstantSource clock) {
        this.producer = producer;
        this.channel = new Channel("answer:" + owner + ":" + job.id());
        this.namespace = namespaces
                .of(channel)
                .orElseThrow(() -> new IllegalStateException("the namespace answer is not declared"));
        this.job = job;
        this.clock = clock;
    }

    /**
     * Writes an event.
     *
     * @throws InterruptedException if the attempt has to stop; then nothing is written
     */
    void write(String type, Map<String, ?> data) throws InterruptedException {
        if (job.isStopped()) {
            // Whoever went on would call an answer complete whose end is missing.
            throw new InterruptedException("the attempt has to stop");
        }
        // Behind what the log has not taken there would be a hole.
        if (failure.get() == null) {
            append(type, data);
        }
    }

    /** Writes that the answer was cancelled. Whoever cancels it writes the same event, with the same id. */
    void writeCancelled() {
        send(job.id() + ".cancelled", EventTypes.ANSWER_CANCELLED, Map.of());
    }

    private synchronized void append(String type, Map<String, ?> data) {
        int number = next++;
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("attempt", job.attempt());
        all.put("seq", number);
        all.putAll(data);
        send(job.id() + "." + job.attempt() + "." + number, type, all);
    }

    private synchronized void send(String id, String type, Map<String, ?> data) {
        Event event = new Event(id, type, SOURCE, clock.instant(), channel.name(), Json.write(data));
        try {
            last = producer.send(
                    EventRecords.toRecord(
                            namespace.topic(), channel.partition(namespace.partitions()), channel.name(), event),
                    (metadata, e) -> {
                        if (e != null) {
                            failure.compareAndSet(null, e);
                        }
                    });
        } catch (KafkaException | IllegalStateException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Why the log has not taken an event; null if it has taken all so far. */
    @Nullable
    Exception failure() {
        return failure.get();
    }

    /**
     * Waits until the log has everything, or has failed.
     *
     * @return whether it has everything
     */
    boolean awaitWritten() throws InterruptedException {
        Future<?> waited;
        synchronized (this) {
            waited = last;
        }
        if (waited != null) {
            try {
                // Ends by the producer's own timeouts.
                var unused = waited.get();
            } catch (ExecutionException e) {
                failure.compareAndSet(null, e);
            }
        }
        return failure.get() == null;
    }
}
