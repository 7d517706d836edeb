package io.tailrace.projections.trim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which past shows are next: all of them in the order of their starts, then those that are over since. A copy that is made anew from
 * the log brings rows of past shows back, so it begins again from the first one after some time. Pure; single-threaded.
 */
final class PastShowsPass {
    private final long againAfterMs;
    private @Nullable PastShow last;
    private @Nullable Long beganMs;

    /**
     * A pass.
     *
     * @param againAfterMs how long after its beginning the next pass over all shows begins, in milliseconds
     */
    PastShowsPass(long againAfterMs) {
        this.againAfterMs = againAfterMs;
    }

    /** The show after which the next ones are to be looked for; null for the first of all. */
    @Nullable
    PastShow after(long nowMs) {
        if (beganMs == null || nowMs - beganMs >= againAfterMs) {
            beganMs = nowMs;
            last = null;
        }
        return last;
    }

    /** Nothing is left of these. */
    void done(List<PastShow> shows) {
        if (!shows.isEmpty()) {
            last = shows.getLast();
        }
    }
}
