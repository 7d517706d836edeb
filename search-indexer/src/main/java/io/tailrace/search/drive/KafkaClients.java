package io.tailrace.search.drive;

import io.tailrace.kit.broker.ConsumerBeans;
import io.tailrace.kit.kafka.ClientOnDemand;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.index.Incarnation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Makes the clients of the indexer. Thread-safe; whoever asks for a client closes it. An admin is made by its first
 * call, so that the service starts while no name of a broker resolves.
 */
public class KafkaClients {
    private static final String CLIENT_ID = "tailrace-search";

    /** Of the settings {@code kafka.consumers.search-indexer.*}. */
    private static final String NAME = "search-indexer";

    /**
     * Each turn ends with a bulk request, which Elasticsearch syncs to its disk, and a commit of offsets. With a byte here a
     * log that is written to sixty times a second made nearly as many of both.
     */
    private static final int FETCH_MIN_BYTES = 65_536;

    private final KafkaSettings kafka;
    private final ConsumerBeans consumers;
    private final SearchSettings settings;

    /**
     * Clients for a cluster.
     *
     * @param consumers make the members of groups
     */
    public KafkaClients(KafkaSettings kafka, ConsumerBeans consumers, SearchSettings settings) {
        this.kafka = kafka;
        this.consumers = consumers;
        this.settings = settings;
    }

    /** For questions about topics. */
    public Admin admin() {
        Map<String, Object> properties = kafka.admin(CLIENT_ID);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        return new ClientOnDemand<Admin>(Admin.class, () -> Admin.create(properties)).client();
    }

    /**
     * A member of the group that fills this very index. The committed offsets belong to it alone: an index that is
     * created anew has a group without offsets, which begins at the log's start; see {@link GroupReader}.
     */
    Consumer<byte[], byte[]> consumer(Incarnation incarnation) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT_ID + "-" + incarnation.alias());
        properties.put(
                ConsumerConfig.GROUP_ID_CONFIG,
                settings.groupPrefix() + incarnation.index() + "-" + incarnation.uuid());
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
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_MIN_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, ms(settings.fetchWait()));
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, ms(settings.indexCheck()));
        return consumers.make(NAME, properties);
    }

    /** A reader without a group, which begins where it is told to. */
    Consumer<byte[], byte[]> reader() {
        Map<String, Object> properties = kafka.reader(CLIENT_ID + "-reader");
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, settings.fetchBytes());
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        return new KafkaConsumer<>(properties);
    }

    private static int ms(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
