package io.tailrace.dispatcher.job;

import java.util.UUID;

/**
 * Where a wait lies between nothing and its bound. A function of the attempt, so that the same log leads to the same waits when it
 * is read again.
 */
@FunctionalInterface
interface Jitter {
    /** Evenly spread over all jobs and attempts. */
    Jitter EVEN = (job, attempt, boundMs) -> {
        long hash = mixed(job.getMostSignificantBits() ^ mixed(job.getLeastSignificantBits() + attempt));
        return Math.floorMod(hash, boundMs + 1);
    };

    /** From 0 to {@code boundMs}. */
    long waitMs(UUID job, int attempt, long boundMs);

    /** The final mix of SplitMix64: each bit depends on every other. */
    private static long mixed(long bits) {
        long next = (bits ^ bits >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        next = (next ^ next >>> 27) * 0x94d0_49bb_1331_11ebL;
        return next ^ next >>> 31;
    }
}
