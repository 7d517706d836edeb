package io.tailrace.standalone.supervision;

/**
 * How long to wait before a part is started again: doubling, bounded.
 *
 * @param firstMs the wait after the first death, milliseconds
 * @param maxMs the longest wait
 * @param forgetAfterMs a part that was ready for so long begins with the first wait again
 */
public record Backoff(long firstMs, long maxMs, long forgetAfterMs) {
    /**
     * Half a second, doubling to four seconds; forgotten after a minute. All other parts wait for a broker that is away, so a longer
     * wait after a few kills in a row would be a longer outage, and starting a part every few seconds costs little.
     */
    public static final Backoff DEFAULT = new Backoff(500, 4_000, 60_000);

    /** Checks the numbers. */
    public Backoff {
        if (firstMs < 1 || maxMs < firstMs || forgetAfterMs < 0) {
            throw new IllegalArgumentException("backoff from " + firstMs + " to " + maxMs + " ms, forgotten after "
                    + forgetAfterMs + " ms: expected 1 <= first <= max");
        }
    }

    /** The wait after {@code strikes} deaths in a row before this one. */
    public long delayMs(int strikes) {
        int doublings = Math.clamp(strikes, 0, Long.numberOfLeadingZeros(firstMs) - 2);
        return Math.min(maxMs, firstMs << doublings);
    }
}
