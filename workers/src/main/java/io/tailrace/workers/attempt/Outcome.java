package io.tailrace.workers.attempt;

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

    /** The worker stops; this is no failure. */
    record HandedBack() implements Outcome {}
}
