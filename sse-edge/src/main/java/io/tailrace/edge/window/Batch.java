package io.tailrace.edge.window;

import io.tailrace.contracts.cursor.Generation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A contiguous range of one partition, as frames that were encoded once: every record with an offset from
 * {@link #fromOffset()} (inclusive) to {@link #toOffset()} (exclusive) that has something to deliver is in it. Offsets
 * may have holes (transaction markers, compaction, aborted records).
 *
 * <p>All frames lie in one byte array, {@link #bytes()}, one after the other. Frame {@code i} is
 *
 * <pre>
 * start       id: CURSOR\n                          for a stream that has this channel alone
 * bodyStart   event: TYPE\n
 * dataStart   data: {"channel":…,"id":…,"time":…,"data":
 * valueStart  VALUE                                 with "\ndata: " for each line break in it
 * valueEnd    }\n\n
 * end
 * </pre>
 *
 * <p>The bare form that {@code /events/watch} delivers is made of its parts: {@code [bodyStart, dataStart)},
 * {@code "data: "}, {@code [valueStart, valueEnd)}, {@code "\n\n"}.
 *
 * <p>A WebSocket message has the same parts: the id {@code [idStart, idEnd)}, the type {@code [typeStart, typeEnd)} and the
 * envelope {@code [jsonStart, jsonEnd)}, which is JSON. They can be put into a message as they are if the frame
 * {@link #isPlain}; if it is not, {@link MessageText} has them rewritten.
 *
 * <p>Immutable (but for a note of what is plain, which is the same whoever takes it) and therefore shared by all event
 * loops; nobody may write into {@link #bytes()}. Made by {@link BatchBuilder}.
 */
public final class Batch {
    /** No position: a channel without frames in the batch. */
    private static final int[] NONE = {};

    private final PartitionId partition;
    private final Generation generation;
    private final long fromOffset;
    private final long toOffset;
    private final int leaderEpoch;
    private final byte[] bytes;
    private final long[] offsets;
    private final int[] ranges;
    private final Map<String, int[]> index;
    private final @Nullable Set<String> coverage;

    /** What is known of each frame: see {@link #isPlain}. Loops may race for it and find the same. */
    private final byte[] plain;

    /** Numbers per frame in {@code ranges}: start, bodyStart, dataStart, valueStart, end. */
    static final int RANGE_FIELDS = 5;

    /** Bytes after the value: the brace that closes the envelope and two line ends. */
    static final int AFTER_VALUE = 3;

    private static final byte NOT_PLAIN = 1;
    private static final byte PLAIN = 2;

    Batch(
            PartitionId partition,
            Generation generation,
            long fromOffset,
            long toOffset,
            int leaderEpoch,
            byte[] bytes,
            long[] offsets,
            int[] ranges,
            Map<String, int[]> index,
            @Nullable Set<String> coverage) {
        this.partition = partition;
        this.generation = generation;
        this.fromOffset = fromOffset;
        this.toOffset = toOffset;
        this.leaderEpoch = leaderEpoch;
        this.bytes = bytes;
        this.offsets = offsets;
        this.ranges = ranges;
        this.index = index;
        this.coverage = coverage;
        this.plain = new byte[offsets.length];
    }

    /** The partition that it is a range of. */
    public PartitionId partition() {
        return partition;
    }

    /** The generation of the topic that it was read from. */
    public Generation generation() {
        return generation;
    }

    /** The first offset that it covers. */
    public long fromOffset() {
        return fromOffset;
    }

    /** The offset after the last that it covers. */
    public long toOffset() {
        return toOffset;
    }

    /**
     * The leader epoch of all its records, and of a position behind its first offset;
     * {@link io.tailrace.contracts.cursor.Cursor#NO_EPOCH} if it is not known.
     */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** How many frames it has. */
    public int size() {
        return offsets.length;
    }

    /** What it costs in memory, in bytes; an estimate that includes the index. */
    public int byteSize() {
        return bytes.length + 29 * offsets.length + 96 * index.size() + 128;
    }

    /** All frames; not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** The offset of frame {@code i}. */
    public long offset(int i) {
        return offsets[i];
    }

    /** Where the id line of frame {@code i} starts. */
    public int start(int i) {
        return ranges[i * RANGE_FIELDS];
    }

    /** Where the event of frame {@code i} starts, which is where its id line ends. */
    public int bodyStart(int i) {
        return ranges[i * RANGE_FIELDS + 1];
    }

    /** Where the data of frame {@code i} starts, which is where its event line ends. */
    public int dataStart(int i) {
        return ranges[i * RANGE_FIELDS + 2];
    }

    /** Where the value of frame {@code i} starts. */
    public int valueStart(int i) {
        return ranges[i * RANGE_FIELDS + 3];
    }

    /** Where the value of frame {@code i} ends. */
    public int valueEnd(int i) {
        return ranges[i * RANGE_FIELDS + 4] - AFTER_VALUE;
    }

    /** Where frame {@code i} ends and the next one starts. */
    public int end(int i) {
        return ranges[i * RANGE_FIELDS + 4];
    }

    /** Where the text of the id of frame {@code i} starts. */
    public int idStart(int i) {
        return start(i) + FrameEncoder.ID_FIELD;
    }

    /** Where the text of the id of frame {@code i} ends. */
    public int idEnd(int i) {
        return bodyStart(i) - 1;
    }

    /** Where the type of frame {@code i} starts; only for one that has a type, as a plain one has. */
    public int typeStart(int i) {
        return bodyStart(i) + FrameEncoder.EVENT_FIELD;
    }

    /** Where the type of frame {@code i} ends. */
    public int typeEnd(int i) {
        return dataStart(i) - 1;
    }

    /** Where the envelope of frame {@code i} starts. */
    public int jsonStart(int i) {
        return dataStart(i) + FrameEncoder.DATA_FIELD;
    }

    /** Where the envelope of frame {@code i} ends. */
    public int jsonEnd(int i) {
        return valueEnd(i) + 1;
    }

    /**
     * Whether the parts of frame {@code i} can stand in a WebSocket message as they are. It is found out when it is asked
     * first, so that nobody pays for it who has no such message to write.
     */
    public boolean isPlain(int i) {
        byte known = plain[i];
        if (known == 0) {
            known = MessageText.isPlain(this, i) ? PLAIN : NOT_PLAIN;
            plain[i] = known;
        }
        return known == PLAIN;
    }

    /** The channels that have frames here, each with the ascending numbers of its frames; not to be written to. */
    public Map<String, int[]> index() {
        return index;
    }

    /** The ascending numbers of the frames of {@code channel}; empty if it has none; not to be written to. */
    public int[] positions(String channel) {
        return index.getOrDefault(channel, NONE);
    }

    /** Whether all frames of {@code channel} in the range are here: always, unless the batch was filtered. */
    public boolean covers(String channel) {
        return coverage == null || coverage.contains(channel);
    }

    /** The number of the first frame at or after {@code offset}, {@link #size()} if there is none. */
    public int firstAtOrAfter(long offset) {
        int low = 0;
        int high = offsets.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offsets[middle] < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * What of it lies before an offset; itself if that is all.
     *
     * @param offset above {@link #fromOffset()}
     */
    public Batch upTo(long offset) {
        if (offset >= toOffset) {
            return this;
        }
        int frames = firstAtOrAfter(offset);
        Map<String, int[]> kept = new HashMap<>();
        index.forEach((channel, positions) -> {
            int count = 0;
            while (count < positions.length && positions[count] < frames) {
                count++;
            }
            if (count > 0) {
                kept.put(channel, Arrays.copyOf(positions, count));
            }
        });
        return new Batch(
                partition,
                generation,
                fromOffset,
                offset,
                leaderEpoch,
                bytes,
                Arrays.copyOf(offsets, frames),
                Arrays.copyOf(ranges, frames * RANGE_FIELDS),
                kept,
                coverage);
    }

    @Override
    public String toString() {
        return partition + "[" + fromOffset + ", " + toOffset + ") " + size() + " frames";
    }
}
