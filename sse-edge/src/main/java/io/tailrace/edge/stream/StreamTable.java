package io.tailrace.edge.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All streams of a loop with the time at which each is to be looked at: an array of numbers that a tick walks, so that
 * ten thousand idle streams cost a few microseconds. Also keeps them in the order in which they were opened.
 */
final class StreamTable {
    private EventStream[] streams = new EventStream[16];
    private long[] dueMs = new long[16];
    private long[] expiresAtMs = new long[16];
    private int size;
    private @Nullable EventStream oldest;
    private @Nullable EventStream youngest;

    int size() {
        return size;
    }

    EventStream get(int i) {
        return streams[i];
    }

    long dueMs(int i) {
        return dueMs[i];
    }

    void due(EventStream stream, long atMs) {
        dueMs[stream.slot] = atMs;
    }

    /** When its token ends, in milliseconds since the epoch. */
    long expiresAtMs(int i) {
        return expiresAtMs[i];
    }

    void expires(EventStream stream, long atMs) {
        expiresAtMs[stream.slot] = atMs;
    }

    @Nullable
    EventStream oldest() {
        return oldest;
    }

    void add(EventStream stream) {
        if (size == streams.length) {
            streams = Arrays.copyOf(streams, size * 2);
            dueMs = Arrays.copyOf(dueMs, size * 2);
            expiresAtMs = Arrays.copyOf(expiresAtMs, size * 2);
        }
        stream.slot = size;
        streams[size++] = stream;
        stream.olderNeighbour = youngest;
        if (youngest == null) {
            oldest = stream;
        } else {
            youngest.youngerNeighbour = stream;
        }
        youngest = stream;
    }

    @SuppressWarnings("NullAway") // a free slot must not keep a closed stream alive
    void remove(EventStream stream) {
        EventStream last = streams[--size];
        streams[stream.slot] = last;
        dueMs[stream.slot] = dueMs[size];
        expiresAtMs[stream.slot] = expiresAtMs[size];
        last.slot = stream.slot;
        streams[size] = null;
        stream.slot = -1;
        EventStream older = stream.olderNeighbour;
        EventStream younger = stream.youngerNeighbour;
        if (older == null) {
            oldest = younger;
        } else {
            older.youngerNeighbour = younger;
        }
        if (younger == null) {
            youngest = older;
        } else {
            younger.olderNeighbour = older;
        }
        stream.olderNeighbour = null;
        stream.youngerNeighbour = null;
    }
}
