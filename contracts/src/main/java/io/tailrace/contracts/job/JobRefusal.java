package io.tailrace.contracts.job;

import java.util.Locale;

/** Why a command was refused; nothing changed by it, unless a reason says so. */
public enum JobRefusal {
    /** No such queue is declared. */
    UNKNOWN_QUEUE,
    /** The queue has no such job, or has forgotten it. */
    UNKNOWN_JOB,
    /** The queue has as many jobs as it may have. */
    QUEUE_FULL,
    /** Another job was enqueued under this id. */
    ID_REUSED,
    /** The job's state does not allow it. */
    WRONG_STATE,
    /** Another job has the unique key of the one that is to be retried. */
    UNIQUE_KEY_TAKEN,
    /** The token is not that of the job's current attempt: it ended, and there may be another. */
    STALE_TOKEN,
    /** Another worker has started this attempt. */
    ALREADY_STARTED,
    /** An outcome, or a sign of life, of an attempt that was not started. */
    NOT_STARTED,
    /** The queue was paused after the job was released: it goes back, and is released again later. */
    QUEUE_PAUSED,
    /** The job was cancelled. An outcome says that its attempt has ended. */
    CANCELLED;

    /** The name as on the wire, for example {@code stale_token}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
