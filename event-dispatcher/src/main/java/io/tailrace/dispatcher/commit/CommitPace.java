package io.tailrace.dispatcher.commit;

/**
 * Decides when a stream task requests a commit. A transaction costs about the same for one record as for a hundred, and the
 * thread processes nothing while a transaction ends. A few records are therefore committed after a short interval, and a burst
 * after a longer one. Confined to one task; not thread-safe.
 *
 * <p>A burst is recognised by the rate since the last check that found something to commit, and not by the number of records in
 * one interval: records that arrive while a transaction ends are processed together, and would look like a burst that then
 * keeps itself going.
 */
public final class CommitPace {
    private final int burst;
    private final long intervalMs;
    private final long burstIntervalMs;
    private int done;
    private long sinceMs;

    /**
     * The pace of a task.
     *
     * @param burst how many records in one interval are a burst
     * @param intervalMs the commit interval, in milliseconds, at least 1
     * @param burstIntervalMs the commit interval in a burst, in milliseconds. It ends when the clock shows a multiple of it,
     *     which is the same moment for all tasks: a commit that one task requests commits all tasks of its thread
     * @param nowMs the current time, in milliseconds, by any clock that {@link #isDue} uses too
     */
    public CommitPace(int burst, long intervalMs, long burstIntervalMs, long nowMs) {
        this.burst = burst;
        this.intervalMs = intervalMs;
        this.burstIntervalMs = burstIntervalMs;
        this.sinceMs = nowMs;
    }

    /** Notes that a record was processed, which a commit makes visible. */
    public void done() {
        done++;
    }

    /** Returns whether a commit is due now. */
    public boolean isDue(long nowMs) {
        long intervals = Math.max(1, (nowMs - sinceMs) / intervalMs);
        boolean calm = done < burst * intervals;
        boolean over = nowMs / burstIntervalMs != sinceMs / burstIntervalMs;
        boolean due = done > 0 && (calm || over);
        if (due || done == 0) {
            done = 0;
            sinceMs = nowMs;
        }
        return due;
    }
}
