package io.tailrace.dispatcher.commit;

/**
 * Detects records that end an idle period of a stream thread. Such a record has no other records to share a transaction with,
 * so the thread commits it at once; records that follow it soon wait for the commit interval. Confined to one stream thread,
 * as a transaction is; not thread-safe.
 *
 * <p>Idle periods are measured by the timestamps of records and not by the clock, because records that arrive during a long
 * commit are also read after a pause. Old records are excluded: in a backlog whose records are far apart, each of them would
 * otherwise cause a commit.
 */
public final class IdlePeriod {
    private final long lengthMs;
    private final long recentMs;
    private boolean begun;
    private long lastMs;

    /**
     * An idle period that no record has ended yet.
     *
     * @param lengthMs the shortest time without a record that counts as idle, in milliseconds
     */
    public IdlePeriod(long lengthMs) {
        this(lengthMs, lengthMs);
    }

    /**
     * An idle period for records that may take longer from their producer to this thread.
     *
     * @param lengthMs the shortest time without a record that counts as idle, in milliseconds
     * @param recentMs the age from which a record counts as old, in milliseconds
     */
    public IdlePeriod(long lengthMs, long recentMs) {
        this.lengthMs = lengthMs;
        this.recentMs = recentMs;
    }

    /**
     * Notes a record and returns whether it ends an idle period. The first record does.
     *
     * @param recordMs the record's timestamp, in milliseconds since the epoch
     * @param nowMs the current time, by the clock that the timestamps come from. If it is ahead of that clock by {@code
     *     recentMs} or more, every record counts as old
     */
    public boolean isEndedBy(long recordMs, long nowMs) {
        boolean quiet = !begun || recordMs - lastMs >= lengthMs;
        lastMs = begun ? Math.max(lastMs, recordMs) : recordMs;
        begun = true;
        return quiet && nowMs - recordMs < recentMs;
    }
}
