package io.tailrace.ingest.attempt;

/**
 * The failures of one account, one address, or both together. Immutable; {@code attempt.lua} computes the same.
 *
 * @param failures how many, sunk until {@code atMs}
 * @param atMs when that was true; milliseconds of the clock that it is asked by
 * @param untilMs no attempt before; milliseconds of the clock that it is asked by
 */
record Tally(double failures, long atMs, long untilMs) {
    static final Tally NONE = new Tally(0, 0, 0);

    /**
     * How failures are judged.
     *
     * @param free failures without a pause
     * @param longestMs the longest pause, milliseconds
     */
    record Rule(int free, long firstMs, long longestMs, long windowMs) {
        private static final int MAX_DOUBLINGS = 40;

        /** The pause after so many failures, milliseconds. */
        long pauseMs(double failures) {
            // Rounded: a moment after the third failure there are 2.999 of them.
            long over = Math.round(failures) - free;
            if (over < 0) {
                return 0;
            }
            int doublings = (int) Math.min(MAX_DOUBLINGS, over);
            return Math.min(longestMs, firstMs << doublings);
        }
    }

    /** How long the next attempt must wait, milliseconds. */
    long waitMs(long nowMs) {
        return Math.max(0, untilMs - nowMs);
    }

    /** After an attempt, which counts as a failure until it turns out to be none: many at once are not free. */
    Tally attempted(Rule rule, long nowMs) {
        double sunk = Math.max(0, failures - (double) Math.max(0, nowMs - atMs) * rule.free() / rule.windowMs());
        double now = sunk + 1;
        return new Tally(now, nowMs, nowMs + rule.pauseMs(now));
    }

    /** After an attempt turned out to be no failure. */
    Tally takenBack() {
        return new Tally(Math.max(0, failures - 1), atMs, 0);
    }
}
