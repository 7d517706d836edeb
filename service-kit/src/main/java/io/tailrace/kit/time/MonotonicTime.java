package io.tailrace.kit.time;

import java.util.concurrent.TimeUnit;

/**
 * A clock for durations and deadlines: it neither jumps nor goes back when somebody sets the clock of the machine. Its
 * readings mean nothing outside of this process. Thread-safe.
 */
public final class MonotonicTime {
    private static final long ORIGIN_NS = System.nanoTime();

    private MonotonicTime() {}

    /** Milliseconds since this process has first asked; never negative, never less than before. */
    public static long nowMs() {
        // The origin of nanoTime is arbitrary and may lie in the future, so only differences are used.
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ORIGIN_NS);
    }
}
