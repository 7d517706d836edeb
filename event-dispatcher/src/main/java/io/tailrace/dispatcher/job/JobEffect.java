package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobRefusal;
import org.jspecify.annotations.Nullable;

/** What a command, or the time, led to; told in this order. */
sealed interface JobEffect {
    /** Something happened to a job. */
    sealed interface OfJob extends JobEffect {
        /** The job as it stands now. */
        StoredJob job();

        /** The command that led to it, or null if time did. */
        @Nullable
        JobCommand cause();
    }

    /**
     * A job is there, or may run now.
     *
     * @param payload of a new one, else null
     */
    record Scheduled(StoredJob job, @Nullable JobCommand cause, @Nullable String payload) implements OfJob {}

    /** An attempt has begun. */
    record Started(StoredJob job, @Nullable JobCommand cause) implements OfJob {}

    /** An attempt has come so far. */
    record Progressed(StoredJob job, @Nullable JobCommand cause, JobProgress progress) implements OfJob {}

    /** An attempt ended, and there will be another. */
    record Retrying(StoredJob job, @Nullable JobCommand cause, JobError error) implements OfJob {}

    /** An attempt succeeded. */
    record Succeeded(StoredJob job, @Nullable JobCommand cause, @Nullable String result) implements OfJob {}

    /** The last attempt failed. */
    record Dead(StoredJob job, @Nullable JobCommand cause, JobError error) implements OfJob {}

    /** Somebody cancelled it. */
    record Cancelled(StoredJob job, @Nullable JobCommand cause) implements OfJob {}

    /**
     * A worker may take it.
     *
     * @param leaseMs for how long an attempt may be silent
     */
    record Released(StoredJob job, String payload, long leaseMs) implements JobEffect {}

    /** A queue is as it was asked for. */
    record QueueChanged(QueueState queue, JobCommand cause) implements JobEffect {}

    /** A command is answered that changed no job. */
    sealed interface Answered extends JobEffect {
        /** The command. */
        JobCommand cause();

        /** The job that it is about, or null. */
        @Nullable
        StoredJob job();
    }

    /** It was decided before. */
    record Repeated(JobCommand cause, StoredJob job) implements Answered {}

    /** A job with the unique key is there. */
    record Existing(JobCommand cause, StoredJob job) implements Answered {}

    /** The attempt that it is about may go on. */
    record Confirmed(JobCommand cause, StoredJob job) implements Answered {}

    /** The job is forgotten, and with it what it said of a person. It was finished, or is about to stop. */
    record Erased(JobCommand cause) implements Answered {
        /** Not told: its keys may name the person. */
        @Override
        public @Nullable StoredJob job() {
            return null;
        }
    }

    /** It is not done. */
    record Refused(JobCommand cause, JobRefusal reason, @Nullable StoredJob job) implements Answered {}
}
