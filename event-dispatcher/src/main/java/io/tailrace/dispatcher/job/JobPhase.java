package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobState;

/** Where a job stands in the book. Finer than {@link JobState}, which is what others are told. Times are epoch milliseconds. */
sealed interface JobPhase {
    /** What others are told. */
    JobState state();

    /**
     * Waits for its time.
     *
     * @param retrying whether an attempt failed before
     */
    record Delayed(long dueMs, boolean retrying) implements JobPhase {
        @Override
        public JobState state() {
            return retrying ? JobState.RETRYING : JobState.SCHEDULED;
        }
    }

    /**
     * May run.
     *
     * @param candidate whether it may be released next: it has no key, or is the first of a key that is not at its limit
     * @param shared of a candidate, whether it counts for the credit that types share; see {@link QueueState#SHARED}
     */
    record Ready(boolean candidate, boolean shared) implements JobPhase {
        @Override
        public JobState state() {
            return JobState.READY;
        }
    }

    /**
     * Handed to the workers, and not started.
     *
     * @param untilMs when it is taken for lost
     * @param shared as it was when it was a candidate
     */
    record Released(long untilMs, boolean shared) implements JobPhase {
        @Override
        public JobState state() {
            return JobState.READY;
        }
    }

    /**
     * An attempt runs.
     *
     * @param leaseUntilMs when its worker is taken for lost
     * @param deadlineMs when its time is over
     */
    record Running(long leaseUntilMs, long deadlineMs) implements JobPhase {
        @Override
        public JobState state() {
            return JobState.RUNNING;
        }
    }

    /**
     * Cancelled, but its worker has not said that it stopped: the attempt still counts for the limits of queue and key.
     *
     * @param untilMs when its worker is taken for lost
     * @param finishedMs when it was cancelled
     */
    record Stopping(long untilMs, long finishedMs) implements JobPhase {
        @Override
        public JobState state() {
            return JobState.CANCELLED;
        }
    }

    /**
     * Nothing more happens to it by itself.
     *
     * @param state a final one
     * @param forgetMs when it leaves the book
     */
    record Finished(JobState state, long finishedMs, long forgetMs) implements JobPhase {}

    /** Whether a token stands for it, so that it counts for the limits of queue and key. */
    default boolean isActive() {
        return this instanceof Released || this instanceof Running || this instanceof Stopping;
    }

    /** Whether it counts for the credit that types share, and not for that of its type. */
    default boolean isShared() {
        return switch (this) {
            case Ready(boolean _, boolean shared) -> shared;
            case Released(long _, boolean shared) -> shared;
            case Delayed _, Running _, Stopping _, Finished _ -> false;
        };
    }

    /** When it is to be looked at again although nobody asks; {@link Long#MAX_VALUE} if never. */
    default long wakeMs() {
        return switch (this) {
            case Delayed(long dueMs, boolean _) -> dueMs;
            case Ready _ -> Long.MAX_VALUE;
            case Released(long untilMs, boolean _) -> untilMs;
            case Running(long leaseUntilMs, long deadlineMs) -> Math.min(leaseUntilMs, deadlineMs);
            case Stopping(long untilMs, long _) -> untilMs;
            case Finished(JobState _, long _, long forgetMs) -> forgetMs;
        };
    }
}
