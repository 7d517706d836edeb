package io.tailrace.kit.kafka;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Kafka, and the client settings that the platform's promises rest on. Immutable.
 *
 * @param bootstrap servers to ask first, {@code host:port} joined by commas
 * @param propertiesFile a properties file with any other settings of Kafka's clients (TLS, SASL), like the {@code
 *     --command-config} of Kafka's own tools; null for none
 * @param replicationFactor of the topics that are created; -1 is the broker's own default (KIP-464)
 * @param provisionTimeout how long to wait at start for the brokers and the topics
 * @param compactionLag after which time at the latest a record of a compacted topic of facts is gone whose key has a newer one
 *     ({@code max.compaction.lag.ms}): how long the log itself may still have what was erased, once it goes on
 * @param tombstoneRetention how long a tombstone is kept after that ({@code delete.retention.ms}): a copy that was not
 *     there for longer may not learn what was erased
 */
@ConfigurationProperties("tailrace.kafka")
public record KafkaSettings(
        @Bindable(defaultValue = "127.0.0.1:9092") String bootstrap,
        @Nullable String propertiesFile,
        @Bindable(defaultValue = "-1") int replicationFactor,
        @Bindable(defaultValue = "60s") Duration provisionTimeout,
        @Bindable(defaultValue = "24h") Duration compactionLag,
        @Bindable(defaultValue = "7d") Duration tombstoneRetention) {
    private static final int READER_WAIT_MS = 20;

    /** Settings for a broker without security, with the other defaults. */
    public static KafkaSettings of(String bootstrap) {
        return new KafkaSettings(bootstrap, null, -1, Duration.ofSeconds(60), Duration.ofHours(24), Duration.ofDays(7));
    }

    /**
     * For an idempotent producer of bytes whose send is done when all in-sync replicas have it. It sends at once
     * ({@code linger.ms} 0): a person waits for the answer.
     */
    public Map<String, Object> producer(String clientId) {
        return producer(clientId, Map.of());
    }

    /**
     * The same with other settings, which do not replace those that the promises rest on.
     *
     * @param others settings of Kafka's producer by their names
     */
    public Map<String, Object> producer(String clientId, Map<String, Object> others) {
        Map<String, Object> properties = common(clientId, others);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return properties;
    }

    /** For a consumer of bytes that sees only committed records, commits nothing by itself and fails without a position. */
    public Map<String, Object> consumer(String clientId) {
        return consumer(clientId, Map.of());
    }

    /**
     * The same with other settings, which do not replace those that the promises rest on.
     *
     * @param others settings of Kafka's consumer by their names
     */
    public Map<String, Object> consumer(String clientId, Map<String, Object> others) {
        Map<String, Object> properties = common(clientId, others);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    /**
     * For a consumer as of {@link #consumer(String)} that reads to an end and is closed. Closing waits for the fetch that is under
     * way, and a broker that has nothing new answers it after {@code fetch.max.wait.ms}: here {@value #READER_WAIT_MS} ms and not 500.
     */
    public Map<String, Object> reader(String clientId) {
        Map<String, Object> properties = consumer(clientId);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, READER_WAIT_MS);
        return properties;
    }

    /** For an administrative client. */
    public Map<String, Object> admin(String clientId) {
        return common(clientId, Map.of());
    }

    private Map<String, Object> common(String clientId, Map<String, Object> others) {
        Map<String, Object> properties = new HashMap<>();
        fromFile().forEach((name, value) -> properties.put(String.valueOf(name), value));
        properties.putAll(others);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return properties;
    }

    private Properties fromFile() {
        Properties properties = new Properties();
        if (propertiesFile != null && !propertiesFile.isBlank()) {
            try (Reader in = Files.newBufferedReader(Path.of(propertiesFile), StandardCharsets.UTF_8)) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException("Kafka client properties " + propertiesFile, e);
            }
        }
        return properties;
    }
}
