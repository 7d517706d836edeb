package io.tailrace.contracts.cursor;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A subscriber's whole position: for every partition that its channels live in, the next offset it wants. It is a
 * vector of offsets and never a timestamp, so that resuming from it neither loses nor repeats a record.
 *
 * <p>Immutable. {@link CursorCodec} gives it the text form that clients see.
 *
 * @param topics the topics, ordered by namespace number, each once
 */
public record Cursor(List<TopicPosition> topics) {
    /** The most partitions that one cursor may name, over all of its topics. */
    public static final int MAX_PARTITIONS = 1024;

    /** The largest number of a partition: a namespace has at most 1024 of them. */
    public static final int MAX_PARTITION_NUMBER = 1023;

    /** The most channels that may lag behind their partition's offset. */
    public static final int MAX_LAGGING = 1024;

    /**
     * The position in the partitions of one namespace's topic.
     *
     * @param namespace the namespace's number, 1 to 127
     * @param generation tells a recreated topic from the one that the cursor was made for
     * @param partitions ordered by partition, each once, at least one
     */
    public record TopicPosition(int namespace, Generation generation, List<PartitionPosition> partitions) {
        /** Orders the partitions and checks them. */
        public TopicPosition {
            if (namespace < 1 || namespace > 127) {
                throw new IllegalArgumentException("namespace: " + namespace + ", expected 1 to 127");
            }
            partitions = partitions.stream()
                    .sorted(Comparator.comparingInt(PartitionPosition::partition))
                    .toList();
            if (partitions.isEmpty()) {
                throw new IllegalArgumentException("namespace " + namespace + ": expected at least one partition");
            }
            requireDistinct(
                    partitions.stream().map(PartitionPosition::partition).toList(), "partition");
        }
    }

    /**
     * The position in one partition.
     *
     * @param partition the partition's number, 0 to {@value Cursor#MAX_PARTITION_NUMBER}
     * @param nextOffset the offset of the first record that was not considered yet
     * @param lagging channels of this partition that stand further back, ordered by channel hash; usually none
     */
    public record PartitionPosition(int partition, long nextOffset, List<LaggingChannel> lagging) {
        /** Orders the lagging channels and checks the ranges. */
        public PartitionPosition {
            if (partition < 0 || partition > MAX_PARTITION_NUMBER) {
                throw new IllegalArgumentException(
                        "partition " + partition + ": expected 0 to " + MAX_PARTITION_NUMBER);
            }
            if (nextOffset < 0) {
                throw new IllegalArgumentException("offset " + nextOffset + ": expected 0 or more");
            }
            lagging = lagging.stream()
                    .sorted(Comparator.comparingInt(LaggingChannel::channelHash))
                    .toList();
            requireDistinct(lagging.stream().map(LaggingChannel::channelHash).toList(), "channel");
            for (LaggingChannel channel : lagging) {
                if (channel.nextOffset() < 0 || channel.nextOffset() >= nextOffset) {
                    throw new IllegalArgumentException("lagging channel at offset " + channel.nextOffset()
                            + ": expected one below its partition's offset " + nextOffset);
                }
            }
        }

        /** A position that all channels of the partition share. */
        public PartitionPosition(int partition, long nextOffset) {
            this(partition, nextOffset, List.of());
        }
    }

    /**
     * A channel that is being replayed while the others of its partition are further on.
     *
     * @param channelHash {@link #channelHash(String)} of its name
     * @param nextOffset the next offset that it wants, below its partition's
     */
    public record LaggingChannel(int channelHash, long nextOffset) {}

    /** Orders the topics and checks the bounds. */
    public Cursor {
        topics = topics.stream()
                .sorted(Comparator.comparingInt(TopicPosition::namespace))
                .toList();
        requireDistinct(topics.stream().map(TopicPosition::namespace).toList(), "namespace");
        int partitions = topics.stream().mapToInt(t -> t.partitions().size()).sum();
        if (topics.isEmpty() || partitions > MAX_PARTITIONS) {
            throw new IllegalArgumentException(partitions + " partitions in a cursor, expected 1 to " + MAX_PARTITIONS);
        }
        int lagging = topics.stream()
                .flatMap(t -> t.partitions().stream())
                .mapToInt(p -> p.lagging().size())
                .sum();
        if (lagging > MAX_LAGGING) {
            throw new IllegalArgumentException(
                    lagging + " lagging channels in a cursor, expected at most " + MAX_LAGGING);
        }
    }

    /** The number that stands for a channel among the lagging ones: 32-bit FNV-1a of its (ASCII) name. */
    public static int channelHash(String channelName) {
        int hash = 0x811c9dc5;
        for (int i = 0; i < channelName.length(); i++) {
            hash = (hash ^ channelName.charAt(i)) * 0x01000193;
        }
        return hash;
    }

    private static void requireDistinct(List<Integer> numbers, String what) {
        Set<Integer> seen = new HashSet<>();
        for (Integer number : numbers) {
            if (!seen.add(number)) {
                throw new IllegalArgumentException(what + " " + number + " twice in a cursor");
            }
        }
    }
}
