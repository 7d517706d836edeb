package io.tailrace.kit.consume;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
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
        try {
            Map<String, TopicDescription> found =
                    admin.describeTopics(List.of(topic)).allTopicNames().get();
            TopicDescription description = found.get(topic);
            if (description == null) {
                throw new KafkaException("topic " + topic + " is not in the cluster's answer");
            }
            return new Source(
                    topic,
                    description.topicId().toString(),
                    description.partitions().size());
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
