package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobLogged;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.job.attempt.ReleasedJob;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends what attempts have logged to {@code tailrace.job-logs}, and the same event to {@code job:{id}}. Nobody waits for it: lines that
 * the log does not take in the producer's time are lost, and their numbers are missing. Thread-safe.
 */
final class LogLines {
    private static final Logger LOG = LoggerFactory.getLogger(LogLines.class);
    private static final String SOURCE = "/tailrace/workers";

    private final Producer<byte[], byte[]> producer;
    private final Namespaces namespaces;
    private final Supplier<UUID> ids;
    private final InstantSource clock;

    /** Lines over {@code producer}, which whoever made it closes. */
    LogLines(Producer<byte[], byte[]> producer, Namespaces namespaces, Supplier<UUID> ids, InstantSource clock) {
        this.producer = producer;
        this.namespaces = namespaces;
        this.ids = ids;
        this.clock = clock;
    }

    /** Appends what there is of an attempt. */
    void append(ReleasedJob job, LogBuffer.Taken taken) {
        String key = job.id().toString();
        JobLogged logged = new JobLogged(job.id(), job.attempt(), taken.lines(), taken.dropped());
        Event event =
                new Event(ids.get().toString(), JobEvents.JOB_LOGGED, SOURCE, clock.instant(), key, Json.write(logged));
        send(Topics.JOB_LOGS, FactKeys.partition(key), key, event);
        Channel channel = new Channel("job:" + key);
        // A namespaces file of one's own need not have it.
        namespaces
                .of(channel)
                .ifPresent(namespace ->
                        send(namespace.topic(), channel.partition(namespace.partitions()), channel.name(), event));
    }

    private void send(String topic, int partition, String key, Event event) {
        try {
            var unused = producer.send(EventRecords.toRecord(topic, partition, key, event), (metadata, e) -> {
                if (e != null) {
                    LOG.warn("{}: the log lines of job {} were not taken: {}", topic, event.subject(), e.toString());
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn("{}: the log lines of job {} were not sent: {}", topic, event.subject(), e.toString());
        }
    }
}
