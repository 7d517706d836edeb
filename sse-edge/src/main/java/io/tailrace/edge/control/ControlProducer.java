package io.tailrace.edge.control;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.env.Environment;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of the producer by which messages get to all edges. */
@Factory
final class ControlProducer {
    static final String NAME = "edge-control";

    /** How long a message may take to the log, and the wait for its place in the buffer. */
    static final int SEND_TIMEOUT_MS = 2_000;

    @Singleton
    @Primary
    @Named(NAME)
    ProducerConfiguration controlProducerConfiguration(Environment environment, KafkaSettings kafka) {
        return new ProducerConfiguration(
                environment,
                kafka,
                NAME,
                Map.of(
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_TIMEOUT_MS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, SEND_TIMEOUT_MS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, SEND_TIMEOUT_MS));
    }
}
