package io.tailrace.edge.replay.plan;

import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that were read or used last, for all event loops of an edge. A crowd that comes back after its edge has died
 * does not come at once: without this, each part of it that is a little later than the sweep before has the same stretch
 * read again. Bounded in bytes and in time. Not thread-safe: its owner (the replay reader) serialises the calls.
 */
public final class ChunkCache {
    private static final int INITIAL = 64;
    private static final float LOAD = 0.75f;

    private final long maxBytes;
    private final long keepMs;
    private final Map<Source, TreeMap<Long, Batch>> bySource = new HashMap<>();

    /** When each was used last, the one that was not used for the longest time first. */
    private final LinkedHashMap<Batch, Long> usedAtMs = new LinkedHashMap<>(INITIAL, LOAD, true);

    private long byteSize;

    /**
     * An empty cache.
     *
     * @param maxBytes what all chunks may have together, 0 for none
     * @param keepMs a chunk that was not used for so long goes
     */
    public ChunkCache(long maxBytes, long keepMs) {
        this.maxBytes = maxBytes;
        this.keepMs = keepMs;
    }

    /** Bytes of its chunks. */
    public long byteSize() {
        return byteSize;
    }

    /** A chunk that covers the first offset of a stretch, or null. */
    public @Nullable Batch find(Stretch stretch, long nowMs) {
        TreeMap<Long, Batch> chunks = bySource.get(new Source(stretch.partition(), stretch.generation()));
        Map.Entry<Long, Batch> below = chunks == null ? null : chunks.floorEntry(stretch.fromOffset());
        if (below == null || below.getValue().toOffset() <= stretch.fromOffset()) {
            return null;
        }
        usedAtMs.put(below.getValue(), nowMs);
        return below.getValue();
    }

    /** Keeps a chunk that was just read, and lets go of others for it. */
    public void put(Batch chunk, long nowMs) {
        Batch replaced = bySource.computeIfAbsent(
                        new Source(chunk.partition(), chunk.generation()), source -> new TreeMap<>())
                .put(chunk.fromOffset(), chunk);
        if (replaced != null) {
            usedAtMs.remove(replaced);
            byteSize -= replaced.byteSize();
        }
        usedAtMs.put(chunk, nowMs);
        byteSize += chunk.byteSize();
        expire(nowMs);
    }

    /** Lets go of all chunks of a partition, because they are not of its log any more. */
    public void drop(PartitionId partition) {
        usedAtMs.keySet().removeIf(chunk -> {
            boolean gone = chunk.partition().equals(partition);
            if (gone) {
                forget(chunk);
            }
            return gone;
        });
    }

    /** Lets go of what is over the bounds. */
    public void expire(long nowMs) {
        Iterator<Map.Entry<Batch, Long>> oldestFirst = usedAtMs.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            Map.Entry<Batch, Long> oldest = oldestFirst.next();
            if (byteSize <= maxBytes && nowMs - oldest.getValue() < keepMs) {
                return;
            }
            oldestFirst.remove();
            forget(oldest.getKey());
        }
    }

    private void forget(Batch chunk) {
        byteSize -= chunk.byteSize();
        Source source = new Source(chunk.partition(), chunk.generation());
        TreeMap<Long, Batch> chunks = bySource.get(source);
        if (chunks != null) {
            chunks.remove(chunk.fromOffset(), chunk);
            if (chunks.isEmpty()) {
                bySource.remove(source);
            }
        }
    }
}
