package io.tailrace.edge.window;

import io.tailrace.contracts.cursor.Cursor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest batches of one partition, contiguous, bounded in bytes. A tailer has one to greet event loops with, and
 * each event loop has one over the same batches. Not thread-safe: each has one owner.
 */
public final class PartitionWindow {
    private final long maxBytes;
    private @Nullable Batch[] ring = new Batch[16];
    private int first;
    private int count;
    private long byteSize;
    private long start;
    private long head;
    private int headEpoch;

    /**
     * An empty window.
     *
     * @param head the offset at which the next batch is expected
     * @param maxBytes the most bytes of batches that it keeps; the newest batch stays whatever its size
     */
    public PartitionWindow(long head, long maxBytes) {
        this(head, Cursor.NO_EPOCH, maxBytes);
    }

    /**
     * An empty window.
     *
     * @param headEpoch the leader epoch that vouches for {@code head}, {@link Cursor#NO_EPOCH} if it is not known
     */
    public PartitionWindow(long head, int headEpoch, long maxBytes) {
        this.head = head;
        this.headEpoch = headEpoch;
        this.start = head;
        this.maxBytes = maxBytes;
    }

    /** The first offset that can be served from here. */
    public long start() {
        return start;
    }

    /** The offset after the last batch. */
    public long head() {
        return head;
    }

    /** The leader epoch of the last batch, or of the head that the window began with. */
    public int headEpoch() {
        return headEpoch;
    }

    /** The bytes of the batches that it keeps. */
    public long byteSize() {
        return byteSize;
    }

    /** How many batches it keeps. */
    public int size() {
        return count;
    }

    /**
     * Appends the next batch and lets go of the oldest ones that are over the bound.
     *
     * @throws IllegalArgumentException if it leaves a hole after {@link #head()}, or does not reach beyond it
     */
    public void append(Batch batch) {
        if (batch.fromOffset() > head || batch.toOffset() <= head) {
            throw new IllegalArgumentException("batch " + batch + ": expected one that covers offset " + head);
        }
        if (count == ring.length) {
            ring = grown();
            first = 0;
        }
        ring[(first + count++) & (ring.length - 1)] = batch;
        byteSize += batch.byteSize();
        head = batch.toOffset();
        headEpoch = batch.leaderEpoch();
        while (byteSize > maxBytes && count > 1) {
            dropOldest();
        }
    }

    /** The batch that covers {@code offset}, or null if the window does not. */
    public @Nullable Batch find(long offset) {
        if (offset < start || offset >= head) {
            return null;
        }
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).toOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return at(low);
    }

    /** The batches, oldest first: a copy that may be handed to another thread. */
    public List<Batch> batches() {
        Batch[] copy = new Batch[count];
        Arrays.setAll(copy, this::at);
        return List.of(copy);
    }

    private void dropOldest() {
        Batch oldest = at(0);
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        count--;
        byteSize -= oldest.byteSize();
        start = oldest.toOffset();
    }

    private Batch at(int i) {
        Batch batch = ring[(first + i) & (ring.length - 1)];
        if (batch == null) {
            throw new IllegalStateException("no batch at " + i + " of " + count);
        }
        return batch;
    }

    private @Nullable Batch[] grown() {
        @Nullable Batch[] larger = new Batch[ring.length * 2];
        for (int i = 0; i < count; i++) {
            larger[i] = at(i);
        }
        return larger;
    }
}
