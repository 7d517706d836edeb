package io.tailrace.kit.broker;

import io.micronaut.configuration.kafka.config.AbstractKafkaProducerConfiguration;
import io.micronaut.configuration.kafka.config.KafkaProducerConfiguration;
import io.micronaut.context.env.Environment;
import io.micronaut.core.naming.conventions.StringConvention;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings of one producer, for micronaut-kafka. A later one wins: the properties file of {@link KafkaSettings}, {@code
 * kafka.producers.<name>.*}, what the platform's promises rest on, and the bounds that the service has settings for. A bean with
 * the producer's name as its qualifier; {@code @KafkaClient("<name>")} injects the producer.
 */
public final class ProducerConfiguration extends AbstractKafkaProducerConfiguration<byte[], byte[]> {
    /**
     * Settings of a producer for which somebody waits no longer than {@code timeout}: until the record is handed over, and from
     * then until the brokers have it.
     *
     * @param name as in the other constructor
     */
    public ProducerConfiguration(Environment environment, KafkaSettings kafka, String name, Duration timeout) {
        this(environment, kafka, name, bounds(Math.toIntExact(timeout.toMillis())));
    }

    private static Map<String, Object> bounds(int timeoutMs) {
        return Map.of(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                timeoutMs,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.max(1, timeoutMs / 2),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                timeoutMs);
    }

    /**
     * Settings of a producer.
     *
     * @param name also its client id, which is the tag {@code client-id} of its numbers
     * @param bounds settings of Kafka's producer by their names
     */
    public ProducerConfiguration(
            Environment environment, KafkaSettings kafka, String name, Map<String, Object> bounds) {
        super(new Properties());
        Map<String, Object> named =
                environment.getProperties(KafkaProducerConfiguration.PREFIX + "." + name, StringConvention.RAW);
        getConfig().putAll(kafka.producer(name, named));
        getConfig().putAll(bounds);
        getConfig().put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, ProducerMeters.class.getName());
    }
}
