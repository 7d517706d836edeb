package io.tailrace.dispatcher.job;

import java.util.UUID;

/**
 * Who has a unique key.
 *
 * @param jobId the job
 * @param untilMs until when, or {@link #UNTIL_FINISHED}
 */
record UniqueClaim(UUID jobId, long untilMs) {
    /** For as long as the job is not finished; the claim goes with that. */
    static final long UNTIL_FINISHED = Long.MAX_VALUE;

    boolean holdsAt(long nowMs) {
        return nowMs < untilMs;
    }
}
