package io.tailrace.dispatcher.commit;

/**
 * When what was done is told. A transaction costs the same for one record as for a hundred, and while one ends nothing is
 * done. So few are told soon, and many when a longer interval is over. One task's; not thread-safe.
 *
 * <p>What counts is the rate since the last look that found something to tell, and not the number of one interval: what came
 * in while a transaction ended is done in one go, and would look like a rush that then keeps itself going.
 */
public final class CommitPace {
    private final int rush;
    private final long intervalMs;
    private final long rushIntervalMs;
    private int done;
    private long sinceMs;

    /**
     * A pace.
     *
     * @param rush so many in an interval are a rush
     * @param intervalMs the interval, at least 1
     * @param rushIntervalMs the interval in a rush. Intervals end when the clock shows a multiple of it, which is the same
     *     moment for all tasks: what one of them tells ends the transaction of all on its thread
     * @param nowMs the time, of any clock that the looks use too
     */
    public CommitPace(int rush, long intervalMs, long rushIntervalMs, long nowMs) {
        this.rush = rush;
        this.intervalMs = intervalMs;
        this.rushIntervalMs = rushIntervalMs;
        this.sinceMs = nowMs;
    }

    /** Something was done that is to be told. */
    public void done() {
        done++;
    }

    /** Looks whether what was done is to be told now. */
    public boolean isDue(long nowMs) {
        long intervals = Math.max(1, (nowMs - sinceMs) / intervalMs);
        boolean calm = done < rush * intervals;
        boolean over = nowMs / rushIntervalMs != sinceMs / rushIntervalMs;
        boolean due = done > 0 && (calm || over);
        if (due || done == 0) {
            done = 0;
            sinceMs = nowMs;
        }
        return due;
    }
}
