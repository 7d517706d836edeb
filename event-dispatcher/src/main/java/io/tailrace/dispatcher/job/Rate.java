package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.QueueLimits;

/**
 * A rate limit that remembers one number: the generic cell rate algorithm (ITU-T I.371). The number is the theoretical arrival
 * time of the next job, in microseconds since the epoch. Within T seconds it lets {@code rate * T} jobs go, and a burst. Pure.
 */
final class Rate {
    private static final long US_PER_MS = 1000;
    private static final double US_PER_SECOND = 1_000_000;

    private Rate() {}

    /** When the next job may go, in epoch milliseconds; 0 without a limit. */
    static long freeAtMs(double perSecond, long rateUs) {
        if (perSecond == 0) {
            return 0;
        }
        long freeUs = rateUs - (QueueLimits.burst(perSecond) - 1) * intervalUs(perSecond);
        return Math.max(0, Math.ceilDiv(freeUs, US_PER_MS));
    }

    /** Whether a job may go now. */
    static boolean isFree(double perSecond, long rateUs, long nowMs) {
        return nowMs >= freeAtMs(perSecond, rateUs);
    }

    /** The number after a job has gone. */
    static long taken(double perSecond, long rateUs, long nowMs) {
        return perSecond == 0 ? 0 : Math.max(rateUs, nowMs * US_PER_MS) + intervalUs(perSecond);
    }

    /** From when on the number says nothing any more, in epoch milliseconds. */
    static long idleAtMs(long rateUs) {
        return Math.ceilDiv(rateUs, US_PER_MS);
    }

    private static long intervalUs(double perSecond) {
        return (long) Math.ceil(US_PER_SECOND / perSecond);
    }
}
