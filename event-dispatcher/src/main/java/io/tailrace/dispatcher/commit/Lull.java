package io.tailrace.dispatcher.commit;

/**
 * Whether there was nothing to do for a while. What ends a lull has nobody to share a transaction with, so it need not wait
 * for the others of its interval; what follows it soon does. One stream thread's, as a transaction is; not thread-safe.
 *
 * <p>It goes by the times of the records, because what came in while a long transaction ended is read after a pause, too. And
 * it is for what just came in: in a backlog of days, in which the records are far apart, each would end a transaction.
 */
public final class Lull {
    private final long lengthMs;
    private final long recentMs;
    private boolean begun;
    private long lastMs;

    /**
     * A lull that nothing has ended yet.
     *
     * @param lengthMs from how long without a record on it is one, in milliseconds
     */
    public Lull(long lengthMs) {
        this(lengthMs, lengthMs);
    }

    /**
     * The same for records that may have been on their way for longer.
     *
     * @param recentMs what came in this long ago, in milliseconds, just came in
     */
    public Lull(long lengthMs, long recentMs) {
        this.lengthMs = lengthMs;
        this.recentMs = recentMs;
    }

    /**
     * A record came; returns whether it ended a lull. The first does.
     *
     * @param recordMs the record's time, in milliseconds since the epoch
     * @param nowMs the time, of the clock that records have theirs from. One that goes ahead of that by a lull or more finds
     *     none
     */
    public boolean endsWith(long recordMs, long nowMs) {
        boolean quiet = !begun || recordMs - lastMs >= lengthMs;
        lastMs = begun ? Math.max(lastMs, recordMs) : recordMs;
        begun = true;
        return quiet && nowMs - recordMs < recentMs;
    }
}
