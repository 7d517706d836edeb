package io.tailrace.dispatcher.seat;

/**
 * When what was decided is told. A transaction costs the same for one decision as for a hundred, and while one ends
 * nothing is decided. So few decisions are told at once, and many when the longer interval of the application is over. One
 * task's; not thread-safe.
 *
 * <p>What counts is the rate since the last look that found something to tell, and not the number of one interval: what came
 * in while a transaction ended is decided in one go, and would look like a rush that then keeps itself going.
 */
final class CommitPace {
    /** After so many intervals without an answer the application's own interval has told everything. */
    private static final int FORGOTTEN_INTERVALS = 4;

    private final int rush;
    private final long intervalMs;
    private int decided;
    private long sinceMs;

    /**
     * A pace.
     *
     * @param rush decisions in an interval from which on there is a rush
     * @param intervalMs the interval, at least 1
     * @param nowMs the time, of any clock that the looks use too
     */
    CommitPace(int rush, long intervalMs, long nowMs) {
        this.rush = rush;
        this.intervalMs = intervalMs;
        this.sinceMs = nowMs;
    }

    /** Something was decided. */
    void decided() {
        decided++;
    }

    /** Looks whether what was decided is to be told now. */
    boolean isDue(long nowMs) {
        long intervals = Math.max(1, (nowMs - sinceMs) / intervalMs);
        boolean due = decided > 0 && decided < rush * intervals;
        if (due || decided == 0 || intervals >= FORGOTTEN_INTERVALS) {
            decided = 0;
            sinceMs = nowMs;
        }
        return due;
    }
}
