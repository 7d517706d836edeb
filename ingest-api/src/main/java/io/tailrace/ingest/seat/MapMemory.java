package io.tailrace.ingest.seat;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The seat maps that are held, within {@link SeatMapSettings#maxBytes()}: the newest of each show, and older ones until their
 * last reader has them. A reader that is slow holds the room of its version, so that what is held is bounded by this and
 * not by how fast shows change. Thread-safe; never blocks for long.
 */
final class MapMemory {
    /** A map that is held: as long as it is the newest of its show, or somebody reads it. All by the lock. */
    static final class Held {
        private final SeatMapBytes bytes;
        private final long madeNs;
        private int holders = 1;

        private Held(SeatMapBytes bytes, long madeNs) {
            this.bytes = bytes;
            this.madeNs = madeNs;
        }

        SeatMapBytes bytes() {
            return bytes;
        }
    }

    private final long limit;
    private final long maxAgeNs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Held> newest = new LinkedHashMap<>(16, 0.75f, true);
    private long used;

    MapMemory(long limit, long maxAgeNs) {
        this.limit = limit;
        this.maxAgeNs = maxAgeNs;
    }

    /** Bytes that are held or reserved. */
    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** A map with the seats of a version or of a newer one, to be given back by {@link #release}; null if none is held. */
    @Nullable
    Held find(UUID showId, SeatMapVersion version, long nowNs) {
        lock.lock();
        try {
            Held held = newest.get(showId);
            if (held == null || nowNs - held.madeNs >= maxAgeNs) {
                return null;
            }
            SeatMapVersion present = held.bytes.version();
            if (!present.hasSeatsOf(version) && !present.isAtLeast(version)) {
                return null;
            }
            held.holders++;
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Room for a map that is about to be made, if there is any or can be made by dropping maps that nobody reads. */
    boolean reserve(long bytes) {
        lock.lock();
        try {
            Iterator<Held> eldest = newest.values().iterator();
            while (used + bytes > limit && eldest.hasNext()) {
                Held held = eldest.next();
                // One that is being read would free nothing yet.
                if (held.holders == 1) {
                    eldest.remove();
                    drop(held);
                }
            }
            if (used + bytes > limit) {
                return false;
            }
            used += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back room for which no map was made. */
    void cancel(long reserved) {
        lock.lock();
        try {
            used -= reserved;
        } finally {
            lock.unlock();
        }
    }

    /** Holds a map in the room reserved for it, as its show's newest and for the caller, who gives it back. */
    Held put(UUID showId, SeatMapBytes bytes, long reserved, long nowNs) {
        lock.lock();
        try {
            used += bytes.length() - reserved;
            Held held = new Held(bytes, nowNs);
            held.holders++;
            Held before = newest.put(showId, held);
            if (before != null) {
                drop(before);
            }
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody reads it no longer. */
    void release(Held held) {
        lock.lock();
        try {
            drop(held);
        } finally {
            lock.unlock();
        }
    }

    private void drop(Held held) {
        held.holders--;
        if (held.holders == 0) {
            used -= held.bytes.length();
        }
    }
}
