package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorEncoder;
import io.tailrace.contracts.cursor.Generation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream's whole position as the text of an id, into a buffer that is used again. Lanes of one partition that
 * stand at different offsets become the partition's offset (the furthest) and lagging channels.
 */
final class StreamCursor {
    private static final long SKIPPED = Lane.UNKNOWN;

    private final CursorEncoder encoder = new CursorEncoder();
    private long[] positions = new long[8];
    private int[] epochs = new int[8];
    private long[] lagging = new long[8];
    private int[] laggingLanes = new int[8];
    private int[] members = new int[8];
    private int memberCount;

    /** Hashes of the channels that wait for their partition, to start at the oldest event. */
    private int[] pending = new int[8];

    private int pendingCount;
    private long sum;

    /** Positions of one topic belong to two generations, and it is not known yet which one there is. */
    private boolean conflict;

    /** The text, so many bytes long as {@link #encode} has said. */
    byte[] text() {
        return encoder.text();
    }

    /** The sum of the positions of the last {@link #encode}. */
    long sum() {
        return sum;
    }

    /**
     * Whether the positions can't stand in one cursor, because two of a topic are of different generations. Only a stream
     * that is not open yet can be in this state, if no partition of the topic is ready.
     */
    boolean isTorn(EventStream stream) {
        return encode(stream) == 0 && conflict;
    }

    /** Writes the id of a stream whose lanes are where they say; the length of the text, 0 if there is nothing to write. */
    int encode(EventStream stream) {
        return encode(stream, null, 0, Cursor.NO_EPOCH);
    }

    /**
     * Writes the id.
     *
     * @param current the lane that {@code currentOffset} belongs to while an event of it is being written; null if all
     *     lanes are where they say
     * @param currentEpoch the leader epoch of that event
     * @return the length of the text; 0 if there is nothing to write
     */
    int encode(EventStream stream, @Nullable Lane current, long currentOffset, int currentEpoch) {
        int lanes = stream.laneCount();
        if (positions.length < lanes) {
            positions = new long[lanes * 2];
            epochs = new int[lanes * 2];
        }
        sum = 0;
        conflict = false;
        pendingCount = 0;
        int topics = 0;
        int from = 0;
        while (from < lanes) {
            int to = topicEnd(stream, from);
            topics += read(stream, from, to, current, currentOffset, currentEpoch) ? 1 : 0;
            from = to;
        }
        if ((topics == 0 && pendingCount == 0) || conflict) {
            return 0;
        }
        pendingCount = ShortHashes.sortDistinct(pending, pendingCount);
        encoder.start(topics, pendingCount);
        for (int i = 0; i < pendingCount; i++) {
            encoder.pending(pending[i]);
        }
        for (from = 0; from < lanes; from = topicEnd(stream, from)) {
            writeTopic(stream, from, topicEnd(stream, from));
        }
        return encoder.finish();
    }

    /** Notes the known positions of a topic; whether there are any. */
    private boolean read(
            EventStream stream, int from, int to, @Nullable Lane current, long currentOffset, int currentEpoch) {
        Generation generation = stream.lane(from).view.generation;
        boolean any = false;
        for (int i = from; i < to; i++) {
            Lane lane = stream.lane(i);
            long position = lane == current ? currentOffset : lane.toldPosition();
            Generation own = lane.generation();
            if (lane.start() instanceof Start.Earliest) {
                collectPending(lane);
            }
            positions[i] = own == null ? SKIPPED : position;
            epochs[i] = lane == current ? currentEpoch : lane.toldEpoch();
            if (positions[i] != SKIPPED) {
                conflict |= generation != null && !generation.equals(own);
                generation = own;
                any = true;
                sum += position;
            }
        }
        return any;
    }

    private void collectPending(Lane lane) {
        if (pending.length < pendingCount + lane.channels()) {
            pending = Arrays.copyOf(pending, (pendingCount + lane.channels()) * 2);
        }
        for (int c = 0; c < lane.channels(); c++) {
            pending[pendingCount++] = lane.subscription(c).channelHash();
        }
    }

    private void writeTopic(EventStream stream, int from, int to) {
        int partitions = 0;
        Generation generation = null;
        for (int i = from; i < to; i = partitionEnd(stream, i, to)) {
            int end = partitionEnd(stream, i, to);
            long furthest = furthest(i, end);
            for (int lane = i; lane < end; lane++) {
                if (positions[lane] != SKIPPED) {
                    generation = stream.lane(lane).generation();
                }
            }
            partitions += furthest == SKIPPED ? 0 : 1;
        }
        if (generation == null) {
            return;
        }
        encoder.topic(stream.lane(from).view.id.namespace(), generation.bits(), partitions);
        for (int i = from; i < to; i = partitionEnd(stream, i, to)) {
            writePartition(stream, i, partitionEnd(stream, i, to));
        }
    }

    private void writePartition(EventStream stream, int from, int to) {
        long furthest = furthest(from, to);
        if (furthest == SKIPPED) {
            return;
        }
        int partition = stream.lane(from).view.id.partition();
        if (to - from == 1) {
            byte[] all = stream.lane(from).members();
            encoder.partition(partition, furthest, epochs[from], ShortHashes.count(all), 0);
            encoder.members(all);
            return;
        }
        int behind = collectLagging(stream, from, to, furthest);
        collectMembers(stream, from, to, furthest, behind);
        encoder.partition(partition, furthest, epochAt(from, to, furthest), memberCount, behind);
        for (int i = 0; i < memberCount; i++) {
            encoder.member(members[i]);
        }
        for (int i = 0; i < behind; i++) {
            int lane = laggingLanes[(int) lagging[i]];
            encoder.lagging((int) (lagging[i] >> 32), positions[lane], epochs[lane]);
        }
    }

    /** Fills {@code lagging} with hash and number of each channel that is behind, ordered by hash. */
    private int collectLagging(EventStream stream, int from, int to, long furthest) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if (positions[i] == SKIPPED || positions[i] == furthest) {
                continue;
            }
            Lane lane = stream.lane(i);
            if (lagging.length < count + lane.channels()) {
                lagging = Arrays.copyOf(lagging, (count + lane.channels()) * 2);
                laggingLanes = Arrays.copyOf(laggingLanes, lagging.length);
            }
            for (int c = 0; c < lane.channels(); c++) {
                laggingLanes[count] = i;
                lagging[count] = (long) lane.subscription(c).channelHash() << 32 | count;
                count++;
            }
        }
        Arrays.sort(lagging, 0, count);
        return count;
    }

    /** Fills {@code members} with the channels at the partition's offset, without those that one which lags stands for. */
    private void collectMembers(EventStream stream, int from, int to, long furthest, int behind) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if (positions[i] != furthest) {
                continue;
            }
            Lane lane = stream.lane(i);
            if (members.length < count + lane.channels()) {
                members = Arrays.copyOf(members, (count + lane.channels()) * 2);
            }
            for (int c = 0; c < lane.channels(); c++) {
                int hash = Cursor.shortHash(lane.subscription(c).channelHash());
                if (!lags(hash, behind)) {
                    members[count++] = hash;
                }
            }
        }
        memberCount = ShortHashes.sortDistinct(members, count);
    }

    /** Whether one of the lagging channels, which are ordered by signed hash, has this short hash. */
    private boolean lags(int shortHash, int behind) {
        int at = Arrays.binarySearch(lagging, 0, behind, (long) (shortHash << 8) << 32);
        int next = at < 0 ? -at - 1 : at;
        return next < behind && Cursor.shortHash((int) (lagging[next] >> 32)) == shortHash;
    }

    private int epochAt(int from, int to, long position) {
        int epoch = Cursor.NO_EPOCH;
        for (int i = from; i < to; i++) {
            if (positions[i] == position) {
                // Two lanes have two here only if one has read a range that was truncated: the older one is found
                // out.
                epoch = epoch == Cursor.NO_EPOCH || (epochs[i] != Cursor.NO_EPOCH && epochs[i] < epoch)
                        ? epochs[i]
                        : epoch;
            }
        }
        return epoch;
    }

    private long furthest(int from, int to) {
        long furthest = SKIPPED;
        for (int i = from; i < to; i++) {
            furthest = Math.max(furthest, positions[i]);
        }
        return furthest;
    }

    private static int topicEnd(EventStream stream, int from) {
        int namespace = stream.lane(from).view.id.namespace();
        int to = from + 1;
        while (to < stream.laneCount() && stream.lane(to).view.id.namespace() == namespace) {
            to++;
        }
        return to;
    }

    private static int partitionEnd(EventStream stream, int from, int limit) {
        PartitionView view = stream.lane(from).view;
        int to = from + 1;
        while (to < limit && stream.lane(to).view == view) {
            to++;
        }
        return to;
    }
}
