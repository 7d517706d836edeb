package io.tailrace.dispatcher.series;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a changed window is published. Its first value is published at once; later values at most five times within its
 * length, at least every minute, and once more after its end. The number of points that a metric writes is therefore bounded,
 * however many readings it has. Times are of the wall clock, in milliseconds. Confined to one task; not thread-safe.
 */
final class PublishPace {
    private static final int MAX_PER_WINDOW = 5;
    private static final long LONGEST_MS = 60_000;

    /** After its end a window waits this long for its last readings, which may still be on their way. */
    private static final long SETTLING_MS = 200;

    private static final long FORGET_MS = 1_000;

    private record Due(long atMs, WindowKey key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime == 0 ? key.compareTo(other.key) : byTime;
        }
    }

    private final Map<WindowKey, Due> changed = new HashMap<>();
    private final TreeSet<Due> queue = new TreeSet<>();

    /** By window, when it was last published; only as long as that matters. */
    private final Map<WindowKey, Long> publishedMs = new HashMap<>();

    private long forgotMs;

    /** How long after one publication of a window the next may be, in milliseconds. */
    static long intervalMs(long lengthMs) {
        return Math.min(lengthMs / MAX_PER_WINDOW, LONGEST_MS);
    }

    /**
     * A window has changed.
     *
     * @param lagging whether the log is being caught up with: then also a window's first value waits, because many will follow
     * @return whether it is to be published now; if not, {@link #next} has it when it is due
     */
    boolean changed(WindowKey key, boolean lagging, long nowMs) {
        if (changed.containsKey(key)) {
            return false;
        }
        long dueMs = due(key, lagging, nowMs);
        Due due = new Due(dueMs, key);
        changed.put(key, due);
        queue.add(due);
        return dueMs <= nowMs;
    }

    private long due(WindowKey key, boolean lagging, long nowMs) {
        long intervalMs = intervalMs(key.lengthMs());
        Long lastMs = publishedMs.get(key);
        if (lastMs == null) {
            return lagging ? nowMs + intervalMs : nowMs;
        }
        long settledMs = key.endMs() + SETTLING_MS;
        long dueMs = lastMs + intervalMs;
        return lastMs < settledMs ? Math.min(dueMs, settledMs) : dueMs;
    }

    /** Whether a window has changed since it was last published. */
    boolean hasChanged(WindowKey key) {
        return changed.containsKey(key);
    }

    /** A window that is due; null if there is none. */
    @Nullable
    WindowKey next(long nowMs) {
        if (queue.isEmpty() || queue.first().atMs() > nowMs) {
            return null;
        }
        return queue.first().key();
    }

    /** Notes that a window is published now. */
    void published(WindowKey key, long nowMs) {
        Due due = changed.remove(key);
        if (due != null) {
            queue.remove(due);
        }
        publishedMs.put(key, nowMs);
        if (nowMs - forgotMs >= FORGET_MS || nowMs < forgotMs) {
            forgotMs = nowMs;
            publishedMs.entrySet().removeIf(entry -> {
                long agoMs = nowMs - entry.getValue();
                return agoMs < 0 || agoMs > intervalMs(entry.getKey().lengthMs());
            });
        }
    }
}
