package io.tailrace.contracts.cursor;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A subscriber's whole position: for every partition that its channels live in, the next offset it wants. It is a
 * vector of offsets and never a timestamp, so that resuming from it neither loses nor repeats a record.
 *
 * <p>Immutable. {@link CursorCodec} gives it the text form that clients see.
 *
 * @param topics the topics, ordered by namespace number, each once
 * @param pending {@link #channelHash(String)} of the channels that have no position yet and start at the oldest event
 *     once their partition can be read; ascending as signed numbers, each once; usually none
 */
public record Cursor(List<TopicPosition> topics, List<Integer> pending) {
    /** The most partitions that one cursor may name, over all of its topics. */
    public static final int MAX_PARTITIONS = 1024;

    /** The largest number of a partition: a namespace has at most 1024 of them. */
    public static final int MAX_PARTITION_NUMBER = 1023;

    /** The most channels that one cursor may name: members, lagging ones and pending ones together. */
    public static final int MAX_CHANNELS = 1024;

    /** The leader epoch of a position is not known. */
    public static final int NO_EPOCH = -1;

    /** The largest short hash: it has 24 bits. */
    public static final int MAX_SHORT_HASH = 0xffffff;

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

    /** Which channels of a partition a position was made for. */
    public sealed interface Members {
        /** Nobody knows: the cursor is of version 1. */
        record Unknown() implements Members {}

        /**
         * These and the lagging ones. Two channels may share a short hash; with a thousand channels in one partition,
         * a channel that is none of them is taken for one with a chance of 1 in 16,777.
         *
         * @param shortHashes {@link #shortHash(int)} of each, ascending, each once, without those of lagging channels
         */
        record Known(List<Integer> shortHashes) implements Members {
            /** Orders the hashes and checks the range. */
            public Known {
                shortHashes = shortHashes.stream().distinct().sorted().toList();
                if (!shortHashes.isEmpty() && (shortHashes.getFirst() < 0 || shortHashes.getLast() > MAX_SHORT_HASH)) {
                    throw new IllegalArgumentException("short hashes: " + shortHashes.getFirst() + " to "
                            + shortHashes.getLast() + ", expected 24 bits each");
                }
            }
        }

        /** The members with these names. */
        static Members of(String... channelNames) {
            return new Known(Arrays.stream(channelNames)
                    .map(name -> shortHash(channelHash(name)))
                    .toList());
        }
    }

    /**
     * The position in one partition.
     *
     * @param partition the partition's number, 0 to {@value Cursor#MAX_PARTITION_NUMBER}
     * @param nextOffset the offset of the first record that was not considered yet
     * @param leaderEpoch the leader epoch of the last record before {@code nextOffset}, by which a log that was truncated
     *     and has grown again is noticed (KIP-320); {@link #NO_EPOCH} if it is not known
     * @param members the channels that the position was made for
     * @param lagging channels of this partition that stand further back, ordered by channel hash; usually none
     */
    public record PartitionPosition(
            int partition, long nextOffset, int leaderEpoch, Members members, List<LaggingChannel> lagging) {
        /** Orders the channels and checks the ranges. */
        public PartitionPosition {
            if (partition < 0 || partition > MAX_PARTITION_NUMBER) {
                throw new IllegalArgumentException(
                        "partition " + partition + ": expected 0 to " + MAX_PARTITION_NUMBER);
            }
            if (nextOffset < 0) {
                throw new IllegalArgumentException("offset " + nextOffset + ": expected 0 or more");
            }
            requireEpoch(leaderEpoch);
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
            members = withoutLagging(members, lagging);
        }

        /** A position of unknown members and epoch that all channels of the partition share: what version 1 can say. */
        public PartitionPosition(int partition, long nextOffset) {
            this(partition, nextOffset, NO_EPOCH, new Members.Unknown(), List.of());
        }

        /** Whether it was made for this channel, as far as is known: a cursor of version 1 may be for any. */
        public boolean isMadeFor(int channelHash) {
            return switch (members) {
                case Members.Unknown() -> true;
                case Members.Known(List<Integer> hashes) ->
                    Collections.binarySearch(hashes, shortHash(channelHash)) >= 0
                            || lagging.stream()
                                    .anyMatch(channel -> shortHash(channel.channelHash()) == shortHash(channelHash));
            };
        }

        /** Where a channel stands that the position was made for. */
        public LaggingChannel of(int channelHash) {
            for (LaggingChannel channel : lagging) {
                if (channel.channelHash() == channelHash) {
                    return channel;
                }
            }
            return new LaggingChannel(channelHash, nextOffset, leaderEpoch);
        }

        private static Members withoutLagging(Members members, List<LaggingChannel> lagging) {
            if (lagging.isEmpty() || !(members instanceof Members.Known(List<Integer> hashes))) {
                return members;
            }
            Set<Integer> behind = lagging.stream()
                    .map(channel -> shortHash(channel.channelHash()))
                    .collect(Collectors.toSet());
            return new Members.Known(
                    hashes.stream().filter(hash -> !behind.contains(hash)).toList());
        }
    }

    /**
     * A channel that is being replayed while the others of its partition are further on.
     *
     * @param channelHash {@link #channelHash(String)} of its name
     * @param nextOffset the next offset that it wants, below its partition's
     * @param leaderEpoch of the last record before it, or {@link #NO_EPOCH}
     */
    public record LaggingChannel(int channelHash, long nextOffset, int leaderEpoch) {
        /** Checks the epoch. */
        public LaggingChannel {
            requireEpoch(leaderEpoch);
        }

        /** A position of unknown epoch: what version 1 can say. */
        public LaggingChannel(int channelHash, long nextOffset) {
            this(channelHash, nextOffset, NO_EPOCH);
        }
    }

    /** Orders the topics and the pending channels and checks the bounds. */
    public Cursor {
        topics = topics.stream()
                .sorted(Comparator.comparingInt(TopicPosition::namespace))
                .toList();
        pending = pending.stream().sorted().toList();
        requireDistinct(topics.stream().map(TopicPosition::namespace).toList(), "namespace");
        requireDistinct(pending, "pending channel");
        int partitions = topics.stream().mapToInt(t -> t.partitions().size()).sum();
        if (topics.isEmpty() && pending.isEmpty()) {
            throw new IllegalArgumentException(
                    "a cursor without partitions and pending channels, expected one at least");
        }
        if (partitions > MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    partitions + " partitions in a cursor, expected at most " + MAX_PARTITIONS);
        }
        int channels = pending.size()
                + topics.stream()
                        .flatMap(t -> t.partitions().stream())
                        .mapToInt(Cursor::channels)
                        .sum();
        if (channels > MAX_CHANNELS) {
            throw new IllegalArgumentException(channels + " channels in a cursor, expected at most " + MAX_CHANNELS);
        }
    }

    /** A cursor whose channels all have positions. */
    public Cursor(List<TopicPosition> topics) {
        this(topics, List.of());
    }

    /** Whether a channel waits for its partition, to start at the oldest event. */
    public boolean isPending(int channelHash) {
        return pending.contains(channelHash);
    }

    /** The number that stands for a channel: 32-bit FNV-1a of its (ASCII) name. */
    public static int channelHash(String channelName) {
        int hash = 0x811c9dc5;
        for (int i = 0; i < channelName.length(); i++) {
            hash = (hash ^ channelName.charAt(i)) * 0x01000193;
        }
        return hash;
    }

    /** The number that stands for a channel among the members: the upper 24 bits of {@link #channelHash(String)}. */
    public static int shortHash(int channelHash) {
        return channelHash >>> 8;
    }

    private static int channels(PartitionPosition position) {
        int members =
                switch (position.members()) {
                    case Members.Unknown() -> 0;
                    case Members.Known(List<Integer> hashes) -> hashes.size();
                };
        return members + position.lagging().size();
    }

    private static void requireEpoch(int leaderEpoch) {
        if (leaderEpoch < NO_EPOCH) {
            throw new IllegalArgumentException("leader epoch " + leaderEpoch + ": expected 0 or more, or none");
        }
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
