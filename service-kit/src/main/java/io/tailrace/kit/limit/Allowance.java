package io.tailrace.kit.limit;

import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;

/**
 * How much one kind of caller may write. Immutable.
 *
 * @param name the kind, as it is named in headers, keys and metrics
 * @param perSecond writes a second in the long run; 0 for no limit
 * @param burst writes at once after a pause
 */
record Allowance(String name, int perSecond, int burst) {
    /** What a node gives away without asking Redis is this part of the burst, */
    private static final int LEASE_PART = 4;

    /** and in the long run this part of the rate. */
    private static final int LEASE_RATE_PART = 10;

    /** A caller whose burst is large has this part of it fetched at once, so that not every write asks Redis. */
    private static final int FETCH_PART = 100;

    boolean isLimited() {
        return perSecond > 0;
    }

    /** The bucket of a caller. */
    BucketConfiguration bucket() {
        return configuration(burst, perSecond);
    }

    /** What a node gives a caller without asking: the size of the overrun that a further node can cause. */
    BucketConfiguration lease() {
        return configuration(Math.max(1, burst / LEASE_PART), Math.max(1, perSecond / LEASE_RATE_PART));
    }

    /** How many writes are asked for at once in Redis. */
    int fetch() {
        return Math.max(1, burst / FETCH_PART);
    }

    /** {@code RateLimit-Policy} of the IETF's draft "RateLimit header fields for HTTP". */
    String policyHeader() {
        return "\"" + name + "\";q=" + burst + ";w=" + secondsFor(burst);
    }

    /** {@code RateLimit} of the same draft; {@code t} is when the burst is whole again. */
    String stateHeader(long remaining) {
        return "\"" + name + "\";r=" + remaining + ";t=" + secondsFor(burst - remaining);
    }

    private long secondsFor(long writes) {
        return Math.max(0, (writes + perSecond - 1) / Math.max(1, perSecond));
    }

    private static BucketConfiguration configuration(long capacity, long perSecond) {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }
}
