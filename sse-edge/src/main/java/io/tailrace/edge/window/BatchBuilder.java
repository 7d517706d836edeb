package io.tailrace.edge.window;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds one {@link Batch} from the records of a partition, in offset order. Used by one thread (a tailer's or a replay
 * reader's) for one batch.
 */
public final class BatchBuilder {
    private final PartitionId partition;
    private final Generation generation;
    private final long fromOffset;
    private final FrameEncoder encoder;
    private @Nullable Set<String> coverage;
    private int leaderEpoch = Cursor.NO_EPOCH;
    private long[] offsets = new long[16];
    private int[] ranges = new int[16 * Batch.RANGE_FIELDS];
    private int size;
    private final Map<String, int[]> index = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * Starts a batch.
     *
     * @param partition the partition that is read
     * @param generation of its topic
     * @param fromOffset the first offset that the batch covers: the {@code toOffset} of the one before, or the offset
     *     that was asked for, even if there is no record at it
     */
    public BatchBuilder(PartitionId partition, Generation generation, long fromOffset) {
        this.partition = partition;
        this.generation = generation;
        this.fromOffset = fromOffset;
        this.encoder = new FrameEncoder(partition, generation);
    }

    /**
     * Says in which leader epoch all records of the batch were written; before the first is added.
     *
     * @param epoch {@link Cursor#NO_EPOCH} if it is not known
     */
    public BatchBuilder ofEpoch(int epoch) {
        this.leaderEpoch = epoch;
        return this;
    }

    /**
     * Says that only records of these channels are added. A loop then never takes the batch for a complete one.
     *
     * @param channels the channels; not copied, not to be changed afterwards
     */
    public BatchBuilder coverOnly(Set<String> channels) {
        this.coverage = channels;
        return this;
    }

    /**
     * Adds a record.
     *
     * @param offset its offset, above every one before and at least {@code fromOffset}
     * @param channel the channel's name: the record's key
     * @param type the event's type; characters that would break the frame are replaced
     * @param id the event's id
     * @param time the event's time as it stands in the record
     * @param value JSON; null (a tombstone) is delivered as {@code null}; not kept
     */
    public BatchBuilder add(long offset, String channel, String type, String id, String time, byte @Nullable [] value) {
        long atLeast = size == 0 ? fromOffset : offsets[size - 1] + 1;
        if (offset < atLeast) {
            throw new IllegalArgumentException(
                    "partition " + partition + ": offset " + offset + ", expected at least " + atLeast);
        }
        grow();
        offsets[size] = offset;
        int at = size * Batch.RANGE_FIELDS;
        ranges[at] = encoder.length();
        encoder.idLine(channel, offset + 1, leaderEpoch);
        ranges[at + 1] = encoder.length();
        encoder.eventLine(type);
        ranges[at + 2] = encoder.length();
        encoder.envelopeHead(channel, id, time);
        ranges[at + 3] = encoder.length();
        encoder.valueAndEnd(value);
        ranges[at + 4] = encoder.length();
        index(channel, size);
        size++;
        return this;
    }

    /** How many records were added. */
    public int size() {
        return size;
    }

    /** The bytes of all frames so far; a driver ends the batch when they are enough. */
    public int bytes() {
        return encoder.length();
    }

    /**
     * Ends the batch.
     *
     * @param toOffset the offset after the last that it covers, above {@code fromOffset} and every added one
     */
    public Batch build(long toOffset) {
        long atLeast = size == 0 ? fromOffset + 1 : offsets[size - 1] + 1;
        if (toOffset < atLeast) {
            throw new IllegalArgumentException(
                    "partition " + partition + ": toOffset " + toOffset + ", expected at least " + atLeast);
        }
        index.replaceAll((channel, positions) -> Arrays.copyOf(positions, count(channel)));
        return new Batch(
                partition,
                generation,
                fromOffset,
                toOffset,
                leaderEpoch,
                encoder.toByteArray(),
                Arrays.copyOf(offsets, size),
                Arrays.copyOf(ranges, size * Batch.RANGE_FIELDS),
                index,
                coverage);
    }

    private void index(String channel, int position) {
        int count = count(channel);
        int[] positions = index.get(channel);
        if (positions == null) {
            positions = new int[2];
            index.put(channel, positions);
        } else if (count == positions.length) {
            positions = Arrays.copyOf(positions, count * 2);
            index.put(channel, positions);
        }
        positions[count] = position;
        counts.put(channel, count + 1);
    }

    private int count(String channel) {
        return counts.getOrDefault(channel, 0);
    }

    private void grow() {
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, size * 2);
            ranges = Arrays.copyOf(ranges, size * 2 * Batch.RANGE_FIELDS);
        }
    }
}
