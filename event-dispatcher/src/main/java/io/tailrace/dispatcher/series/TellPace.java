package io.tailrace.dispatcher.series;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When windows that have changed are told. The first value of a window is told at once; then at most five times within its length, at
 * least every minute, and once more when it is over. So a metric with any number of readings writes a bounded number of points.
 * Times are of the wall clock, in milliseconds. Belongs to one task.
 */
final class TellPace {
    private static final int TOLD_PER_WINDOW = 5;
    private static final long LONGEST_MS = 60_000;

    /** After its end a window waits this long for the last readings, which are on their way. */
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

    /** When windows were told, of those for which that still matters. */
    private final Map<WindowKey, Long> told = new HashMap<>();

    private long forgotMs;

    /** How long a window is not told again after it was told. */
    static long intervalMs(long lengthMs) {
        return Math.min(lengthMs / TOLD_PER_WINDOW, LONGEST_MS);
    }

    /**
     * A window has changed.
     *
     * @param lagging whether the log is being caught up with: then also a window's first value waits, because many will follow
     * @return whether it is to be told now; if not, {@link #next} has it when it is due
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
        Long toldMs = told.get(key);
        if (toldMs == null) {
            return lagging ? nowMs + intervalMs : nowMs;
        }
        long settledMs = key.endMs() + SETTLING_MS;
        long dueMs = toldMs + intervalMs;
        return toldMs < settledMs ? Math.min(dueMs, settledMs) : dueMs;
    }

    /** Whether a window has changed since it was told. */
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

    /** A window is being told. */
    void told(WindowKey key, long nowMs) {
        Due due = changed.remove(key);
        if (due != null) {
            queue.remove(due);
        }
        told.put(key, nowMs);
        if (nowMs - forgotMs >= FORGET_MS || nowMs < forgotMs) {
            forgotMs = nowMs;
            told.entrySet().removeIf(entry -> {
                long agoMs = nowMs - entry.getValue();
                return agoMs < 0 || agoMs > intervalMs(entry.getKey().lengthMs());
            });
        }
    }
}
