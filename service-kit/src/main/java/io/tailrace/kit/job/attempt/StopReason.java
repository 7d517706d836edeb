package io.tailrace.kit.job.attempt;

/** Why an attempt has to stop. */
public enum StopReason {
    /** Somebody cancelled the job. */
    CANCELLED,
    /** It took longer than its job's timeout. */
    TIMED_OUT,
    /** The dispatcher has ended the attempt, or gone on without it: whatever is said of it changes nothing. */
    LEASE_LOST,
    /** The worker stops, and its time to finish is over. */
    WORKER_STOPS
}
