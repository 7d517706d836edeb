package io.tailrace.contracts.job;

/**
 * How many jobs of a queue may run, and how fast they are released. 0 is no limit everywhere.
 *
 * <p>A rate spreads releases evenly: within any T seconds at most {@code rate * T} jobs are released, and {@link #burst} more.
 *
 * @param concurrency jobs of the queue that are released or running at a time
 * @param ratePerSecond jobs of the queue that are released in a second
 * @param keyConcurrency as {@code concurrency}, of each {@link JobSpec#key}
 * @param keyRatePerSecond as {@code ratePerSecond}, of each {@link JobSpec#key}
 */
public record QueueLimits(int concurrency, double ratePerSecond, int keyConcurrency, double keyRatePerSecond) {
    /** No limits. */
    public static final QueueLimits NONE = new QueueLimits(0, 0, 0, 0);

    /** The highest rate; a faster one is none. */
    public static final double MAX_RATE = 100_000;

    /** The lowest rate beside none: somewhat more than one a day. */
    public static final double MIN_RATE = 0.00001;

    private static final int MAX_CONCURRENCY = 1_000_000;
    private static final double BURSTS_PER_SECOND = 10;

    /** Checks the ranges. */
    public QueueLimits {
        JobLimits.range("concurrency", concurrency, 0, MAX_CONCURRENCY);
        JobLimits.range("key_concurrency", keyConcurrency, 0, MAX_CONCURRENCY);
        checkRate("rate_per_second", ratePerSecond);
        checkRate("key_rate_per_second", keyRatePerSecond);
    }

    private static void checkRate(String field, double rate) {
        if (!(rate == 0 || rate >= MIN_RATE && rate <= MAX_RATE)) {
            throw new IllegalArgumentException(field + ": " + rate + ", expected 0 or " + MIN_RATE + " to " + MAX_RATE);
        }
    }

    /** How many jobs may be released at once at a rate: a tenth of a second's, at least 1. */
    public static int burst(double ratePerSecond) {
        return Math.max(1, (int) (ratePerSecond / BURSTS_PER_SECOND));
    }
}
