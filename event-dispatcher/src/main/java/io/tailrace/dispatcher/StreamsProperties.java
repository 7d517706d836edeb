package io.tailrace.dispatcher;

import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.PoisonHandler;
import io.tailrace.dispatcher.poison.PoisonListener;
import io.tailrace.dispatcher.poison.RefusalHandler;
import io.tailrace.dispatcher.poison.RefusedEvents;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Kafka Streams' configuration of one application, from our settings. Pure. */
final class StreamsProperties {
    /** Heartbeats that may be lost before the session ends. */
    private static final int HEARTBEATS_PER_SESSION = 4;

    /**
     * A fan-out sends in batches and not record by record; a commit flushes, so nothing waits longer than the commit
     * interval anyway.
     */
    private static final int LINGER_MS = 20;

    /** A partition's share of what is written within one commit fits into one batch, so into one request. */
    private static final int BATCH_BYTES = 65_536;

    /**
     * A transaction that begins while the markers of the last one are written is asked to try again
     * (CONCURRENT_TRANSACTIONS, KIP-890). Kafka's 100 ms are for brokers that are away; this takes a few.
     */
    private static final int RETRY_BACKOFF_MS = 5;

    /**
     * Of the records of a fan-out, a higher level makes no smaller batches and takes longer. Only {@code zstd} has it.
     */
    private static final int ZSTD_LEVEL = 1;

    private StreamsProperties() {}

    /**
     * The configuration.
     *
     * @param applicationId the id, with its version
     * @param commitInterval how long a transaction collects records at most
     * @param compression of what it writes: {@code compression.type} of a producer
     * @param instanceId the name of this instance, see {@link DispatcherSettings#instanceId()}
     * @param form the form of a dead letter, for the second net
     * @param listener hears of dead letters
     */
    static Map<String, Object> of(
            String applicationId,
            Duration commitInterval,
            String compression,
            String instanceId,
            DispatcherSettings settings,
            KafkaSettings kafka,
            DeadLetterForm form,
            PoisonListener listener) {
        Map<String, Object> config = new HashMap<>(kafka.admin(applicationId));
        // Streams makes client ids of the application's id, the instance and the thread.
        config.remove(CommonClientConfigs.CLIENT_ID_CONFIG);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, kafka.replicationFactor());
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitInterval.toMillis());
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, settings.maxTaskIdle().toMillis());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        state(config, settings);
        config.put(
                BoundedRocksDb.REWRITE_SECONDS_CONFIG,
                Math.max(1, kafka.compactionLag().toSeconds()));
        Changelogs.config(kafka.compactionLag())
                .forEach((name, value) -> config.put(StreamsConfig.topicPrefix(name), value));
        poison(config, form, listener);
        clients(config, settings, instanceId);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), compression);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG), ZSTD_LEVEL);
        return config;
    }

    private static void state(Map<String, Object> config, DispatcherSettings settings) {
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir());
        // Applications whose stores have a cache say so.
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        config.put(BoundedRocksDb.CACHE_BYTES_CONFIG, settings.storeCacheBytes());
    }

    private static void poison(Map<String, Object> config, DeadLetterForm form, PoisonListener listener) {
        config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonHandler.class);
        config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonHandler.class);
        config.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RefusalHandler.class);
        config.put(PoisonHandler.FORM_CONFIG, form);
        config.put(PoisonListener.CONFIG, listener);
        config.put(RefusedEvents.CONFIG, new RefusedEvents());
    }

    private static void clients(Map<String, Object> config, DispatcherSettings settings, String instanceId) {
        int sessionMs = Math.toIntExact(settings.sessionTimeout().toMillis());
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), sessionMs);
        config.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                Math.max(1, sessionMs / HEARTBEATS_PER_SESSION));
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MS);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), RETRY_BACKOFF_MS);
        config.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                Math.toIntExact(settings.transactionTimeout().toMillis()));
    }
}
