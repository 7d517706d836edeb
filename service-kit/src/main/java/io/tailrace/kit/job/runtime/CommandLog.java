package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.EventRecords;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Appends to {@code tailrace.job-commands}. Thread-safe. */
final class CommandLog {
    private final Producer<byte[], byte[]> producer;

    /** A log over {@code producer}, which whoever made it closes. */
    CommandLog(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Appends a command about a queue.
     *
     * @return completed on the producer's thread when all in-sync replicas have it, or exceptionally if they do not say so in time; it may
     *     be there nevertheless
     */
    CompletableFuture<Void> append(String queue, Event command) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            var unused = producer.send(
                    EventRecords.toRecord(Topics.JOB_COMMANDS, FactKeys.partition(queue), queue, command),
                    (metadata, e) -> {
                        if (e == null) {
                            done.complete(null);
                        } else {
                            done.completeExceptionally(e);
                        }
                    });
        } catch (KafkaException | IllegalStateException e) {
            done.completeExceptionally(e);
        }
        return done;
    }
}
