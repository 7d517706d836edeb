package io.tailrace.kit.consume;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from the first to the longest wait, each shortened by up to a half
 * at random, so that processes that lost their database together do not return together. Not thread-safe.
 */
public final class Backoff {
    private final long firstMs;
    private final long longestMs;
    private final RandomGenerator random;
    private long nextMs;

    /**
     * Waits.
     *
     * @throws IllegalArgumentException unless 1 ms &lt;= first &lt;= longest
     */
    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        if (first.toMillis() < 1 || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "retry waits: first " + first + ", longest " + longest + ", expected 1 ms <= first <= longest");
        }
        this.firstMs = first.toMillis();
        this.longestMs = longest.toMillis();
        this.random = random;
        this.nextMs = firstMs;
    }

    /** The wait before the next attempt, in milliseconds. */
    public long nextMs() {
        long waitMs = nextMs;
        nextMs = Math.min(longestMs, nextMs * 2);
        return waitMs - random.nextLong(waitMs / 2 + 1);
    }

    /** An attempt succeeded: the next wait is the first one again. */
    public void reset() {
        nextMs = firstMs;
    }
}
