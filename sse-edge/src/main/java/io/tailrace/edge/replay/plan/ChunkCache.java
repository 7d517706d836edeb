package io.tailrace.edge.replay.plan;

import io.tailrace.contracts.cursor.Generation;
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
 * does not come at once: without this, each part of it that is a little later than the sweep before has the same range
 * read again. Bounded in bytes and in time. Not thread-safe: its owner (the replay reader) serialises the calls.
 */
public final class ChunkCache {
    private static final int INITIAL = 64;
    private static final float LOAD = 0.75f;

    private record Log(PartitionId partition, Generation generation, long version) {}

    private record Use(Log log, long readAtMs, long atMs) {}

    /** A chunk is read anew after so many times what it is kept for, though it is used: a broker may have given another log. */
    private static final int MAX_AGE = 10;

    private final long maxBytes;
    private final long keepMs;
    private final Map<Log, TreeMap<Long, Batch>> byLog = new HashMap<>();

    /** When each was used last, the one that was not used for the longest time first. */
    private final LinkedHashMap<Batch, Use> used = new LinkedHashMap<>(INITIAL, LOAD, true);

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

    /**
     * A chunk that covers the first offset of a range, or null.
     *
     * @param logVersion of the partition: chunks of another log are left to their end
     */
    public @Nullable Batch find(ReplayRange range, long logVersion, long nowMs) {
        Log log = new Log(range.partition(), range.generation(), logVersion);
        TreeMap<Long, Batch> chunks = byLog.get(log);
        Map.Entry<Long, Batch> below = chunks == null ? null : chunks.floorEntry(range.fromOffset());
        if (below == null || below.getValue().toOffset() <= range.fromOffset()) {
            return null;
        }
        Batch found = below.getValue();
        Use before = used.get(found);
        if (before == null || nowMs - before.readAtMs >= MAX_AGE * keepMs) {
            return null;
        }
        used.put(found, new Use(log, before.readAtMs, nowMs));
        return found;
    }

    /** Keeps a chunk that was just read of the log of that version, and lets go of others for it. */
    public void put(Batch chunk, long logVersion, long nowMs) {
        Log log = new Log(chunk.partition(), chunk.generation(), logVersion);
        Batch replaced = byLog.computeIfAbsent(log, first -> new TreeMap<>()).put(chunk.fromOffset(), chunk);
        if (replaced != null) {
            used.remove(replaced);
            byteSize -= replaced.byteSize();
        }
        used.put(chunk, new Use(log, nowMs, nowMs));
        byteSize += chunk.byteSize();
        expire(nowMs);
    }

    /** Lets go of what is over the bounds. */
    public void expire(long nowMs) {
        Iterator<Map.Entry<Batch, Use>> oldestFirst = used.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            Map.Entry<Batch, Use> oldest = oldestFirst.next();
            if (byteSize <= maxBytes && nowMs - oldest.getValue().atMs < keepMs) {
                return;
            }
            oldestFirst.remove();
            forget(oldest.getKey(), oldest.getValue().log);
        }
    }

    private void forget(Batch chunk, Log log) {
        byteSize -= chunk.byteSize();
        TreeMap<Long, Batch> chunks = byLog.get(log);
        if (chunks != null) {
            chunks.remove(chunk.fromOffset(), chunk);
            if (chunks.isEmpty()) {
                byLog.remove(log);
            }
        }
    }
}
