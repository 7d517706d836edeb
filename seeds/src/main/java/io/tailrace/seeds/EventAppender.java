package io.tailrace.seeds;

import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Appends events as {@code ingest-api} would, only more at a time. Not thread-safe; whoever opens it closes it. */
final class EventAppender implements AutoCloseable {
    private static final String SOURCE = "/tailrace/seeds";
    private static final int LINGER_MS = 20;
    private static final int BATCH_BYTES = 256 * 1024;

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> fault = new AtomicReference<>();

    EventAppender(KafkaSettings kafka) {
        Map<String, Object> settings = kafka.producer("tailrace-seeds");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        producer = new KafkaProducer<>(settings);
    }

    /**
     * Hands an event over.
     *
     * @param partitionKey by what the partition is chosen, mostly the key itself
     */
    void send(String topic, String key, String partitionKey, UUID id, String type, Instant time, Object payload) {
        Event event = new Event(id.toString(), type, SOURCE, time, key, Json.write(payload));
        int partition = KeyPartition.of(partitionKey.getBytes(StandardCharsets.UTF_8), Topics.FACT_PARTITIONS);
        var unused = producer.send(EventRecords.toRecord(topic, partition, key, event), (metadata, e) -> {
            if (e != null) {
                fault.compareAndSet(null, e);
            }
        });
    }

    /**
     * Waits until the brokers have all of them.
     *
     * @throws KafkaException if they did not take one
     */
    void flush() {
        producer.flush();
        Exception first = fault.getAndSet(null);
        if (first != null) {
            throw new KafkaException(first);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
