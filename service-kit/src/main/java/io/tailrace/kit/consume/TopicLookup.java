package io.tailrace.kit.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the cluster which topic goes by a name at the moment. Thread-safe. */
public final class TopicLookup implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Admin admin;

    /** Over a client that this closes. */
    public TopicLookup(Admin admin) {
        this.admin = admin;
    }

    /**
     * The topic's id and partitions. Blocks, at most for the client's {@code default.api.timeout.ms}.
     *
     * @throws KafkaException if there is no such topic, or the cluster does not answer
     */
    public Source find(String topic) {
        TopicDescription description =
                answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        if (description == null) {
            throw new KafkaException("topic " + topic + " is not in the cluster's answer");
        }
        return new Source(
                topic,
                description.topicId().toString(),
                description.partitions().size());
    }

    /**
     * The leader epochs that the leaders of partitions have; none of a partition whose brokers do not know them. Blocks like
     * {@link #find}. A consumer that is given a later epoch than its leader's waits for it, for ever if need be.
     *
     * @throws KafkaException if the cluster does not answer
     */
    public Map<TopicPartition, Integer> leaderEpochs(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Integer> epochs = new HashMap<>();
        answer(admin.listOffsets(latest).all())
                .forEach((partition, end) -> end.leaderEpoch().ifPresent(epoch -> epochs.put(partition, epoch)));
        return epochs;
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(CLOSE_TIMEOUT);
    }
}
