package io.tailrace.contracts.topic;

import io.tailrace.contracts.channel.Namespace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a topic is to be.
 *
 * @param name its name
 * @param partitions its partitions
 * @param compacted whether only the latest record of a key must be kept
 * @param retention how long records are kept; null for ever
 * @param logAppendTime whether a record's time is the broker's, of when it was appended, instead of its writer's
 */
public record TopicSpec(
        String name, int partitions, boolean compacted, @Nullable Duration retention, boolean logAppendTime) {
    /** A topic whose records have the time that their writers gave them. */
    public TopicSpec(String name, int partitions, boolean compacted, @Nullable Duration retention) {
        this(name, partitions, compacted, retention, false);
    }

    /** The topic of a namespace's channels. */
    public static TopicSpec of(Namespace namespace) {
        return new TopicSpec(namespace.topic(), namespace.partitions(), namespace.latestOnly(), namespace.retention());
    }
}
