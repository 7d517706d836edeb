package io.tailrace.search.drive;

import java.time.Duration;

/**
 * When to refresh: as often as is wanted while that is cheap. After a slow one it rests as long as that took,
 * half a second at most. A refresh writes a segment, which has to be merged later; a server that is busy with that and with
 * searches needs fewer of them, not as many. Pure; confined to one thread.
 */
final class RefreshPace {
    /** One that was stuck for a minute must not be paid for with another. */
    private static final long LONGEST_REST_NS = Duration.ofMillis(500).toNanos();

    private final long intervalNs;
    private long dueNs;

    /** A refresh is due at once, at {@code nowNs}. */
    RefreshPace(Duration interval, long nowNs) {
        this.intervalNs = interval.toNanos();
        this.dueNs = nowNs;
    }

    /** There was one, or a try. */
    void refreshed(long fromNs, long toNs) {
        long tookNs = toNs - fromNs;
        dueNs = toNs + Math.max(intervalNs - tookNs, Math.min(tookNs, LONGEST_REST_NS));
    }

    /** How long until the next one, 0 if it is due. */
    Duration untilNext(long nowNs) {
        return Duration.ofNanos(Math.max(0, dueNs - nowNs));
    }
}
