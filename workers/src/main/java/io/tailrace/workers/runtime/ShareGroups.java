package io.tailrace.workers.runtime;

import io.tailrace.contracts.job.JobQueue;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.workers.WorkersSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The share group of a group of workers: its settings at the brokers, and its members. It has the topics of all queues. Thread-safe;
 * whoever asks for a consumer closes it.
 */
public final class ShareGroups {
    private static final String CLIENT_ID = "tailrace-workers";

    private final KafkaSettings kafka;
    private final WorkersSettings settings;

    /** The group that the settings name. */
    public ShareGroups(KafkaSettings kafka, WorkersSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
    }

    /** Its name. */
    public String name() {
        return settings.groupPrefix() + settings.group();
    }

    /**
     * Sets what has to hold before the first member comes: it begins at the first record, which is before the first worker was there, and
     * sees what was committed alone.
     *
     * @throws IllegalStateException if the brokers do not answer
     */
    public void prepare() {
        Map<String, Object> properties = kafka.admin(CLIENT_ID);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(
                new ConfigResource(ConfigResource.Type.GROUP, name()),
                List.of(
                        set("share.auto.offset.reset", "earliest"),
                        set("share.isolation.level", "read_committed"),
                        set(
                                "share.record.lock.duration.ms",
                                String.valueOf(settings.lockDuration().toMillis()))));
        try (Admin admin = Admin.create(properties)) {
            var unused = admin.incrementalAlterConfigs(changes).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("settings of the share group " + name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A member for a queue, which acknowledges each record by itself. */
    public ShareConsumer<byte[], byte[]> member(JobQueue queue) {
        // Settings of consumers that have offsets of their own, as in KafkaSettings.consumer, are refused by one of a
        // share group.
        Map<String, Object> properties = kafka.admin(CLIENT_ID + "-" + queue.name());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, name());
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // No more than was asked for, also where the dispatcher wrote more at once.
        properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.pollRecords());
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, ms(settings.fetchWait()));
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.brokerTimeout()));
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return new KafkaShareConsumer<>(properties);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static int ms(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
