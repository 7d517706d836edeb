package io.tailrace.kit.consume;

import io.tailrace.kit.kafka.KafkaSettings;
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
 * A share group (KIP-932): its settings at the brokers, and its members, which acknowledge each record by themselves. Thread-safe;
 * whoever asks for a member closes it.
 */
public final class ShareGroup {
    private final KafkaSettings kafka;
    private final String name;
    private final Bounds bounds;

    /**
     * How a group reads.
     *
     * @param offsetReset where the first member begins, as Kafka's {@code share.auto.offset.reset} has it: {@code earliest}, {@code latest} or
     *     {@code by_duration:} and a duration as of ISO 8601
     * @param lockDuration how long a record is kept for the member that has taken it
     * @param pollRecords the most records of one poll
     * @param fetchWait how long a broker holds a fetch for which it has nothing
     * @param brokerTimeout the longest wait for an answer of Kafka to anything else
     */
    public record Bounds(
            String offsetReset, Duration lockDuration, int pollRecords, Duration fetchWait, Duration brokerTimeout) {}

    /** The group with this name; nothing is asked of the brokers yet. */
    public ShareGroup(KafkaSettings kafka, String name, Bounds bounds) {
        this.kafka = kafka;
        this.name = name;
        this.bounds = bounds;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /**
     * Sets what has to hold before the first member comes: where it begins, how long it has a record, and that it sees what was committed
     * alone.
     *
     * @param clientId of the administrative client
     * @throws IllegalStateException if the brokers do not answer
     */
    public void prepare(String clientId) {
        Map<String, Object> properties = kafka.admin(clientId);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ms(bounds.brokerTimeout()));
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(bounds.brokerTimeout()));
        Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(
                new ConfigResource(ConfigResource.Type.GROUP, name),
                List.of(
                        set("share.auto.offset.reset", bounds.offsetReset()),
                        set("share.isolation.level", "read_committed"),
                        set(
                                "share.record.lock.duration.ms",
                                String.valueOf(bounds.lockDuration().toMillis()))));
        try (Admin admin = Admin.create(properties)) {
            var unused = admin.incrementalAlterConfigs(changes).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("settings of the share group " + name, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A new member, which is subscribed to nothing yet. */
    public ShareConsumer<byte[], byte[]> member(String clientId) {
        // Settings of consumers that have offsets of their own, as in KafkaSettings.consumer, are refused by one of a
        // share group.
        Map<String, Object> properties = kafka.admin(clientId);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // No more than was asked for, also where the dispatcher wrote more at once.
        properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, bounds.pollRecords());
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, ms(bounds.fetchWait()));
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(bounds.brokerTimeout()));
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(bounds.brokerTimeout()));
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
