package io.tailrace.edge.replay.plan;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which stretch to read next for the event loops of one edge. Not thread-safe: its owner (the replay reader)
 * serialises the calls.
 *
 * <p>Each loop has at most one request per partition, so the requests are bounded by loops × partitions. Within a
 * partition it works like an elevator: on upward from the end of the last stretch, then from the smallest again.
 * Partitions take turns. A finished chunk goes to every loop that has a request in the partition, because its
 * other streams may want it too.
 */
public final class ReplayPlanner {
    /**
     * A planner without requests.
     *
     * @param settings its bounds
     * @param nowMs milliseconds of a clock that does not go back
     */
    public ReplayPlanner(ReplaySettings settings, long nowMs) {
        throw new UnsupportedOperationException("not built yet " + settings + nowMs);
    }

    /** A loop wants a chunk that covers {@code fromOffset}; replaces its earlier request for the partition. */
    public void request(int loop, PartitionId partition, Generation generation, long fromOffset) {}

    /** A loop wants nothing of the partition any more. */
    public void cancel(int loop, PartitionId partition) {}

    /**
     * The next stretch to read, which is in flight from now on; null if there is none, all readers are busy or the
     * budget is spent.
     */
    public @Nullable Stretch next(long nowMs) {
        return null;
    }

    /** When {@link #next} may have something though nothing else happens: {@link Long#MAX_VALUE} if never. */
    public long nextAtMs(long nowMs) {
        return Long.MAX_VALUE;
    }

    /**
     * A stretch was read.
     *
     * @param stretch as {@link #next} gave it
     * @param toOffset the offset after what was read
     * @param readBytes bytes that were read, for the budget
     * @return the loops that get the chunk, ascending
     */
    public int[] completed(Stretch stretch, long toOffset, long readBytes) {
        return new int[0];
    }

    /**
     * A stretch begins below the start of the log.
     *
     * @return the loops that have asked for something below {@code logStart}, ascending; their requests are done
     */
    public int[] gone(Stretch stretch, long logStart) {
        return new int[0];
    }

    /**
     * A stretch could not be read.
     *
     * @return the loops whose request it was, ascending; their requests are done, and they will ask again
     */
    public int[] failed(Stretch stretch) {
        return new int[0];
    }

    /** Requests that wait. */
    public int waiting() {
        return 0;
    }

    /** Stretches that are being read. */
    public int inFlight() {
        return 0;
    }
}
