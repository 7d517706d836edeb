package io.tailrace.ingest.upload;

import java.time.Duration;

/** Decides when the progress of one file is told: the first bytes at once, and then at most once in an interval. Thread-safe. */
final class ProgressPace {
    private final long intervalNs;
    private boolean told;
    private long lastNs;

    ProgressPace(Duration interval) {
        this.intervalNs = interval.toNanos();
    }

    /** Whether progress is to be told at a moment of {@link System#nanoTime()}; if so, it counts as told. */
    synchronized boolean isDue(long nowNs) {
        if (told && nowNs - lastNs < intervalNs) {
            return false;
        }
        told = true;
        lastNs = nowNs;
        return true;
    }
}
