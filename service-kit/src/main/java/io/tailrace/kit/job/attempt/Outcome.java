package io.tailrace.kit.job.attempt;

import io.tailrace.contracts.job.JobError;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
public sealed interface Outcome {
    /**
     * The work is done.
     *
     * @param result JSON on one line, or null
     */
    record Succeeded(@Nullable String result) implements Outcome {}

    /**
     * It is not.
     *
     * @param giveUp whether no further attempt can succeed
     * @param retryAfterMs the next attempt is not before so long
     */
    record Failed(JobError error, boolean giveUp, long retryAfterMs) implements Outcome {}

    /**
     * The worker stops, or could not try; this is no failure and does not count.
     *
     * @param retryAfterMs the next attempt is not before so long
     */
    record HandedBack(long retryAfterMs) implements Outcome {
        /** To be tried again at once. */
        public HandedBack() {
            this(0);
        }
    }
}
