package io.tailrace.projections.drive;

/**
 * Decides how long a projection waits before it reads its next batch. A transaction costs the database and the broker about as much
 * for one record as for a hundred, so records that arrive one shortly after the other are applied together. The first record after
 * a pause is applied at once, and so is a backlog. Confined to the loop's thread; the time is passed in.
 */
final class BatchPace {
    private final long intervalNs;
    private final long fullRecords;
    private boolean waits;
    private long fromNs;

    /**
     * A pace.
     *
     * @param intervalNs the least time between the beginnings of two batches that do not fill a transaction; 0 for none
     * @param fullRecords how many records fill a transaction
     */
    BatchPace(long intervalNs, long fullRecords) {
        this.intervalNs = intervalNs;
        this.fullRecords = fullRecords;
    }

    /**
     * A batch was applied.
     *
     * @param begunNs when it had been read, by a monotonic clock
     * @param pendingRecords how many records the log has that are not applied
     */
    void applied(long begunNs, long pendingRecords) {
        waits = pendingRecords < fullRecords;
        fromNs = begunNs;
    }

    /** How long to wait before the next batch is read; not above the interval, and 0 if it may be read now. */
    long waitNs(long nowNs) {
        return waits ? Math.max(0, intervalNs - (nowNs - fromNs)) : 0;
    }
}
