package io.tailrace.edge.simulation;

import java.util.Random;

/** The time of day as the edges of a simulation see it: it goes with the time that passes until somebody sets it. */
final class SimWallClock {
    private static final int MOST_STEP_MS = 2 * 3_600_000;

    /** Its own, so that a schedule with steps and one without are the same otherwise. */
    private final Random random;

    private final boolean steps;

    /** Far from the clock that does not go back, so that whoever takes one for the other is found out. */
    private long aheadMs = 1_790_000_000_000L;

    SimWallClock(long seed, boolean steps) {
        this.random = new Random(~seed);
        this.steps = steps;
    }

    /** Somebody may set it, by up to two hours in either direction. */
    void maybeStep() {
        if (steps && random.nextInt(10) == 0) {
            aheadMs += random.nextInt(2 * MOST_STEP_MS + 1) - MOST_STEP_MS;
        }
    }

    /** Milliseconds since the epoch, when the clock that does not go back says {@code nowMs}. */
    long wallMs(long nowMs) {
        return nowMs + aheadMs;
    }
}
