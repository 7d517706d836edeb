package io.tailrace.contracts.cursor;

import static io.tailrace.contracts.cursor.Cursor.NO_EPOCH;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what lies between the version and the checksum of a {@link CursorCodec}'s form. Whatever is not canonical is an
 * {@link IllegalArgumentException}, and what ends early a {@link ByteReader.Truncated}. Used by one thread.
 */
final class CursorReader {
    private final ByteReader in;
    private final int version;

    private CursorReader(ByteReader in, int version) {
        this.in = in;
        this.version = version;
    }

    static Cursor read(ByteReader in, int version) {
        return new CursorReader(in, version).cursor();
    }

    private Cursor cursor() {
        int head = in.boundedVarint(127 * 2 + 1, "namespace");
        List<Integer> pending = List.of();
        if (head >>> 1 == 0 && version == CursorCodec.VERSION) {
            pending = hashes("pending channels");
            if ((head & 1) == 0) {
                return new Cursor(List.of(), pending);
            }
            head = in.boundedVarint(127 * 2 + 1, "namespace");
        }
        return new Cursor(topics(head), pending);
    }

    private List<Integer> hashes(String what) {
        int count = in.boundedVarint(Cursor.MAX_CHANNELS, what);
        if (count == 0) {
            throw new IllegalArgumentException(what + ": 0, expected at least 1 where they are announced");
        }
        List<Integer> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addAscending(hashes, in.fourBytes(), what);
        }
        return hashes;
    }

    private List<TopicPosition> topics(int firstHead) {
        List<TopicPosition> topics = new ArrayList<>();
        int previous = 0;
        int head = firstHead;
        while (true) {
            int namespace = head >>> 1;
            if (namespace <= previous) {
                throw new IllegalArgumentException(
                        "namespace " + namespace + " after " + previous + ", expected ascending numbers from 1");
            }
            previous = namespace;
            Generation generation = new Generation(in.threeBytes());
            topics.add(new TopicPosition(namespace, generation, partitions()));
            if ((head & 1) == 0) {
                return topics;
            }
            head = in.boundedVarint(127 * 2 + 1, "namespace");
        }
    }

    private List<PartitionPosition> partitions() {
        List<PartitionPosition> partitions = new ArrayList<>();
        int flags = version == CursorCodec.VERSION_1 ? 2 : 1;
        int next = 0;
        boolean more = true;
        while (more) {
            int head = in.boundedVarint((Cursor.MAX_PARTITION_NUMBER << flags) + (1 << flags) - 1, "partition");
            more = (head & 1) == 1;
            int partition = next + (head >>> flags);
            next = partition + 1;
            long nextOffset = in.varint();
            partitions.add(
                    version == CursorCodec.VERSION_1
                            ? position1(partition, nextOffset, (head & 2) != 0)
                            : position(partition, nextOffset));
        }
        return partitions;
    }

    private PartitionPosition position1(int partition, long nextOffset, boolean lags) {
        List<LaggingChannel> lagging = lags ? lagging(nextOffset) : List.of();
        return new PartitionPosition(partition, nextOffset, NO_EPOCH, new Members.Unknown(), lagging);
    }

    private PartitionPosition position(int partition, long nextOffset) {
        int form = in.boundedVarint((Cursor.MAX_CHANNELS + 1) * 4 + 3, "members");
        int epoch = (form & 2) == 0 ? NO_EPOCH : in.boundedVarint(Integer.MAX_VALUE, "leader epoch");
        Members members = form >>> 2 == 0 ? new Members.Unknown() : members((form >>> 2) - 1);
        List<LaggingChannel> lagging = (form & 1) == 0 ? List.of() : lagging(nextOffset);
        if (members instanceof Members.Known(List<Integer> hashes)) {
            requireDisjoint(hashes, lagging);
        }
        return new PartitionPosition(partition, nextOffset, epoch, members, lagging);
    }

    private Members members(int count) {
        List<Integer> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addAscending(hashes, in.threeBytes(), "members");
        }
        return new Members.Known(hashes);
    }

    private List<LaggingChannel> lagging(long partitionOffset) {
        int count = in.boundedVarint(Cursor.MAX_CHANNELS, "lagging channels");
        if (count == 0) {
            throw new IllegalArgumentException("lagging channels: 0, expected at least 1 where they are announced");
        }
        List<LaggingChannel> lagging = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int hash = in.fourBytes();
            if (i > 0 && hash <= lagging.getLast().channelHash()) {
                throw new IllegalArgumentException("lagging channels out of order");
            }
            long nextOffset = partitionOffset - in.varint();
            lagging.add(new LaggingChannel(hash, nextOffset, version == CursorCodec.VERSION_1 ? NO_EPOCH : epoch()));
        }
        return lagging;
    }

    private int epoch() {
        long epochPlusOne = in.varint();
        if (epochPlusOne > Integer.MAX_VALUE + 1L) {
            throw new IllegalArgumentException("leader epoch: " + (epochPlusOne - 1) + ", expected 31 bits");
        }
        return (int) (epochPlusOne - 1);
    }

    private static void addAscending(List<Integer> hashes, int hash, String what) {
        if (!hashes.isEmpty() && hash <= hashes.getLast()) {
            throw new IllegalArgumentException(what + " out of order");
        }
        hashes.add(hash);
    }

    private static void requireDisjoint(List<Integer> members, List<LaggingChannel> lagging) {
        Set<Integer> all = new HashSet<>(members);
        for (LaggingChannel channel : lagging) {
            if (all.contains(Cursor.shortHash(channel.channelHash()))) {
                throw new IllegalArgumentException("a lagging channel among the members, expected it once");
            }
        }
    }
}
