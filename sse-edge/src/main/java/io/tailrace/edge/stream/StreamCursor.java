package io.tailrace.edge.stream;

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
    private long[] lagging = new long[8];
    private long[] laggingOffsets = new long[8];
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
        return encode(stream, null, 0) == 0 && conflict;
    }

    /**
     * Writes the id.
     *
     * @param current the lane that {@code currentOffset} belongs to while an event of it is being written; null if all
     *     lanes are where they say
     * @return the length of the text; 0 if there is nothing to write
     */
    int encode(EventStream stream, @Nullable Lane current, long currentOffset) {
        int lanes = stream.laneCount();
        if (positions.length < lanes) {
            positions = new long[lanes * 2];
        }
        sum = 0;
        conflict = false;
        int topics = 0;
        int from = 0;
        while (from < lanes) {
            int to = topicEnd(stream, from);
            topics += read(stream, from, to, current, currentOffset) ? 1 : 0;
            from = to;
        }
        if (topics == 0 || conflict) {
            return 0;
        }
        encoder.start(topics);
        for (from = 0; from < lanes; from = topicEnd(stream, from)) {
            writeTopic(stream, from, topicEnd(stream, from));
        }
        return encoder.finish();
    }

    /** Notes the known positions of a topic; whether there are any. */
    private boolean read(EventStream stream, int from, int to, @Nullable Lane current, long currentOffset) {
        Generation generation = stream.lane(from).view.generation;
        boolean any = false;
        for (int i = from; i < to; i++) {
            Lane lane = stream.lane(i);
            long position = lane == current ? currentOffset : lane.toldPosition();
            Generation own = lane.generation();
            positions[i] = own == null ? SKIPPED : position;
            if (positions[i] != SKIPPED) {
                conflict |= generation != null && !generation.equals(own);
                generation = own;
                any = true;
                sum += position;
            }
        }
        return any;
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
        int behind = to - from == 1 ? 0 : collectLagging(stream, from, to, furthest);
        encoder.partition(stream.lane(from).view.id.partition(), furthest, behind);
        for (int i = 0; i < behind; i++) {
            int hash = (int) (lagging[i] >> 32);
            encoder.lagging(hash, laggingOffsets[(int) lagging[i]]);
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
                laggingOffsets = Arrays.copyOf(laggingOffsets, lagging.length);
            }
            for (int c = 0; c < lane.channels(); c++) {
                laggingOffsets[count] = positions[i];
                lagging[count] = (long) lane.subscription(c).channelHash() << 32 | count;
                count++;
            }
        }
        Arrays.sort(lagging, 0, count);
        return count;
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
