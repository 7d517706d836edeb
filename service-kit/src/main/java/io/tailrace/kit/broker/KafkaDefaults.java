package io.tailrace.kit.broker;

import io.micronaut.configuration.kafka.config.KafkaDefaultConfiguration;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.env.Environment;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How micronaut-kafka's own client, the one that asks for health, reaches Kafka: by {@link KafkaSettings} alone. The package
 * would take every {@code kafka.*} for a setting of Kafka's clients, and so {@code KAFKA_*} of the environment, which images of
 * Kafka and its tools set for their own purposes.
 */
@Singleton
@Replaces(KafkaDefaultConfiguration.class)
final class KafkaDefaults extends KafkaDefaultConfiguration {
    /** How long {@code /health} waits for the brokers. */
    static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);

    KafkaDefaults(Environment environment, KafkaSettings settings) {
        super(environment);
        int timeoutMs = Math.toIntExact(HEALTH_TIMEOUT.toMillis());
        getConfig().clear();
        getConfig().putAll(settings.admin("tailrace-health"));
        getConfig().put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        getConfig().put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
        setHealthTimeout(HEALTH_TIMEOUT);
    }
}
