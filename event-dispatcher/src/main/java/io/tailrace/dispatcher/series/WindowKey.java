package io.tailrace.dispatcher.series;

import java.util.Comparator;
import java.util.UUID;

/**
 * Which window.
 *
 * @param lengthMs its length, in milliseconds
 * @param startMs when it begins, in milliseconds since the epoch
 * @param metric whose readings are in it
 */
record WindowKey(long lengthMs, long startMs, UUID metric) implements Comparable<WindowKey> {
    private static final Comparator<WindowKey> ORDER = Comparator.comparingLong(WindowKey::lengthMs)
            .thenComparingLong(WindowKey::startMs)
            .thenComparing(WindowKey::metric);

    /** When it ends, in milliseconds since the epoch. */
    long endMs() {
        return startMs + lengthMs;
    }

    @Override
    public int compareTo(WindowKey other) {
        return ORDER.compare(this, other);
    }
}
