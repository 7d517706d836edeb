package io.tailrace.dispatcher.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the jobs of one key.
 *
 * @param active how many are released, running or stopping
 * @param ready how many are ready
 * @param rateUs of its rate; see {@link Rate}
 * @param candidate the one that may be released next, or null
 * @param blocked whether some are ready and a limit of the key keeps them
 * @param wakeMs when the rate lets the next one go, or this is forgotten; 0 if that is not waited for
 */
record KeyState(int active, int ready, long rateUs, @Nullable UUID candidate, boolean blocked, long wakeMs) {
    /** Of a key without jobs. */
    static final KeyState NONE = new KeyState(0, 0, 0, null, false, 0);

    /** A job moved; null for one that was not, or is no longer, in the book. */
    KeyState moved(@Nullable JobPhase from, @Nullable JobPhase to) {
        return new KeyState(
                active + active(to) - active(from),
                ready + ready(to) - ready(from),
                rateUs,
                candidate,
                blocked,
                wakeMs);
    }

    private static int active(@Nullable JobPhase phase) {
        return phase != null && phase.isActive() ? 1 : 0;
    }

    private static int ready(@Nullable JobPhase phase) {
        return phase instanceof JobPhase.Ready ? 1 : 0;
    }

    KeyState withRate(long nextRateUs) {
        return new KeyState(active, ready, nextRateUs, candidate, blocked, wakeMs);
    }

    KeyState with(@Nullable UUID nextCandidate, boolean nowBlocked, long nextWakeMs) {
        return new KeyState(active, ready, rateUs, nextCandidate, nowBlocked, nextWakeMs);
    }

    /** Whether there is nothing to remember. */
    boolean isEmpty() {
        return active == 0 && ready == 0 && wakeMs == 0;
    }
}
