package io.tailrace.projections.drive;

import io.tailrace.kit.kafka.ClientOnDemand;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.projections.ProjectionsSettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Makes the clients of the projections. Thread-safe; whoever asks for a client closes it. An admin is made by its first
 * call, so that the service starts while no name of a broker resolves.
 */
public class KafkaClients {
    private static final String CLIENT_ID = "tailrace-projections";

    private final KafkaSettings kafka;
    private final ProjectionsSettings settings;

    /** Clients for a cluster. */
    public KafkaClients(KafkaSettings kafka, ProjectionsSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
    }

    /** For questions about topics. */
    public Admin admin() {
        Map<String, Object> properties = kafka.admin(CLIENT_ID);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        return new ClientOnDemand<Admin>(Admin.class, () -> Admin.create(properties)).client();
    }

    /** A member of the projection's group. */
    public Consumer<byte[], byte[]> consumer(String projection) {
        Map<String, Object> properties = kafka.consumer(CLIENT_ID + "-" + projection);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupPrefix() + projection);
        if (settings.instanceId() != null && !settings.instanceId().isBlank()) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.instanceId());
        }
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, ms(settings.sessionTimeout()));
        // A third of the session, as Kafka advises, and at most Kafka's own default.
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.min(3000, ms(settings.sessionTimeout()) / 3));
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, ms(settings.turnTimeout()));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchRecords());
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, settings.fetchBytes());
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, ms(settings.fetchWait()));
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, ms(settings.generationCheck()));
        return new KafkaConsumer<>(properties);
    }

    private static int ms(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
