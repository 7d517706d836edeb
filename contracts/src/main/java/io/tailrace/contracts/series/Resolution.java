package io.tailrace.contracts.series;

import java.time.Duration;
import java.time.Instant;

/**
 * One length of window. Windows begin at multiples of their length since the epoch. Immutable.
 *
 * @param label as it stands in channels and requests: {@code 1s}, {@code 10s}, {@code 1m}, {@code 1h}
 * @param lengthMs the length of a window, in milliseconds, a whole number of seconds
 * @param retention how long PostgreSQL keeps the windows of this resolution
 */
public record Resolution(String label, long lengthMs, Duration retention) {
    /** The longest window: one day. A day of the calendar has a time zone, which windows have not. */
    static final long MAX_LENGTH_MS = Duration.ofDays(1).toMillis();

    private static final long PARTITION_WINDOWS = 86_400;
    private static final long MAX_PARTITION_MS = Duration.ofDays(30).toMillis();

    /** Checks the ranges. */
    public Resolution {
        if (lengthMs < 1_000 || lengthMs > MAX_LENGTH_MS || MAX_LENGTH_MS % lengthMs != 0) {
            throw new IllegalArgumentException(
                    "resolution " + label + ": expected 1 s to 1 day, of which a day is a multiple");
        }
        if (retention.toMillis() < lengthMs) {
            throw new IllegalArgumentException(
                    "resolution " + label + ": retention " + retention + ", expected at least the window's length");
        }
    }

    /** The beginning of the window that a time is in; both in milliseconds since the epoch. */
    public long startOf(long timeMs) {
        return Math.floorDiv(timeMs, lengthMs) * lengthMs;
    }

    /** The beginning of the window that a time is in. */
    public Instant startOf(Instant time) {
        return Instant.ofEpochMilli(startOf(time.toEpochMilli()));
    }

    /**
     * How much time one partition of the table of windows covers, in milliseconds: 86,400 windows and no more than 30 days. It depends on
     * the length alone, so that another retention does not ask for other partitions.
     */
    public long partitionMs() {
        return Math.min(lengthMs * PARTITION_WINDOWS, MAX_PARTITION_MS);
    }
}
