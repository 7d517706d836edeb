package io.tailrace.edge.stream;

import io.tailrace.edge.window.Batch;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest replay chunks of all partitions, bounded in bytes. A slow reader takes a chunk in many small turns; without
 * the cache each of them would read it from the log again. The first chunk to come is the first to go, which fits
 * readers that sweep upward.
 */
final class ReplayCache {
    private record Entry(PartitionView view, Batch chunk) {}

    private final long maxBytes;
    private final ArrayDeque<Entry> oldestFirst = new ArrayDeque<>();
    private long byteSize;

    ReplayCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    long byteSize() {
        return byteSize;
    }

    /** Adds a chunk that some lane waits for. */
    void put(PartitionView view, Batch chunk) {
        view.chunks.put(chunk.fromOffset(), chunk);
        oldestFirst.addLast(new Entry(view, chunk));
        byteSize += chunk.byteSize();
    }

    /** Whether another chunk may be asked for. */
    boolean hasRoom() {
        return byteSize <= maxBytes || oldestFirst.size() <= 1;
    }

    /**
     * Lets go of what is over the bound. Called when every stream that can read had its turn: a chunk that went before
     * would be asked for again and again. The newest one stays, whatever its size. What is over the bound until then is
     * at most one chunk for each partition, because nothing more is asked for.
     */
    void trim() {
        while (byteSize > maxBytes && oldestFirst.size() > 1) {
            Entry oldest = oldestFirst.removeFirst();
            byteSize -= oldest.chunk().byteSize();
            oldest.view().chunks.remove(oldest.chunk().fromOffset(), oldest.chunk());
        }
    }

    /** A chunk that covers {@code offset}, or null. */
    @Nullable
    Batch find(PartitionView view, long offset) {
        Map.Entry<Long, Batch> below = view.chunks.floorEntry(offset);
        return below != null && below.getValue().toOffset() > offset ? below.getValue() : null;
    }

    /** The topic was created anew or nobody reads the partition: its chunks are of no use. */
    void drop(PartitionView view) {
        view.chunks.clear();
        oldestFirst.removeIf(entry -> {
            if (entry.view() == view) {
                byteSize -= entry.chunk().byteSize();
                return true;
            }
            return false;
        });
    }
}
