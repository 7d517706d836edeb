package io.tailrace.ingest.log;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.env.Environment;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of this service's one producer. */
@Factory
final class LogProducer {
    static final String NAME = "ingest-api";

    @Singleton
    @Primary
    @Named(NAME)
    ProducerConfiguration logProducerConfiguration(Environment environment, KafkaSettings kafka, LogSettings settings) {
        Map<String, Object> bounds = new HashMap<>();
        int deliveryTimeoutMs = Math.toIntExact(settings.deliveryTimeout().toMillis());
        bounds.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryTimeoutMs);
        // Short enough to ask a second time within the delivery timeout.
        bounds.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(250, deliveryTimeoutMs / 3));
        bounds.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.maxBlock().toMillis());
        bounds.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.bufferBytes());
        // Small records of one moment share a request; it holds a largest record as well.
        bounds.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.maxRecordBytes() + 64 * 1024);
        bounds.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        bounds.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return new ProducerConfiguration(environment, kafka, NAME, bounds);
    }
}
