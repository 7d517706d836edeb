package io.tailrace.contracts.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of a job or a queue. Key: the queue, so that all commands of a queue stand in one order.
 *
 * <p>{@code commandId} is the identity: who sends a command again sends the same one.
 */
public sealed interface JobCommand {
    /** Identity of the command; also the job's id for {@link Enqueue}. */
    UUID commandId();

    /** The queue. */
    String queue();

    /**
     * Run this job.
     *
     * @param payload JSON on one line, at most {@value JobSpec#MAX_PAYLOAD_BYTES} bytes
     * @param firing the firing of a schedule that it is, or null
     */
    record Enqueue(UUID commandId, String queue, JobSpec spec, String payload, @Nullable ScheduleFiring firing)
            implements JobCommand {
        /** Of no schedule. */
        public Enqueue(UUID commandId, String queue, JobSpec spec, String payload) {
            this(commandId, queue, spec, payload, null);
        }
    }

    /** Of a person, about a job. */
    sealed interface OfJob extends JobCommand {
        /** The job. */
        UUID jobId();
    }

    /** Do not run it, or stop running it. */
    record Cancel(UUID commandId, String queue, UUID jobId) implements OfJob {}

    /** Try a dead or cancelled job again, with as many attempts as at first. */
    record Retry(UUID commandId, String queue, UUID jobId) implements OfJob {}

    /** Do not wait for the time of a scheduled job, or of a job's next attempt. */
    record RunNow(UUID commandId, String queue, UUID jobId) implements OfJob {}

    /** Forget a job that names a person who is erased. It has to be finished or cancelled; one that its worker still has is forgotten when that has stopped. */
    record Erase(UUID commandId, String queue, UUID jobId) implements OfJob {}

    /** Of a worker, about the attempt that {@code token} stands for. With another token it changes nothing. */
    sealed interface OfAttempt extends OfJob {
        /** The token that came with the released job. */
        long token();
    }

    /**
     * The attempt begins.
     *
     * @param worker names the process
     */
    record Start(UUID commandId, String queue, UUID jobId, long token, String worker) implements OfAttempt {}

    /**
     * The attempt goes on: renews its lease.
     *
     * @param wantsAnswer whether it is answered also if it is not refused, for a worker that does not read the log
     */
    record Heartbeat(UUID commandId, String queue, UUID jobId, long token, boolean wantsAnswer) implements OfAttempt {
        /** One that is answered only if it is refused. */
        public Heartbeat(UUID commandId, String queue, UUID jobId, long token) {
            this(commandId, queue, jobId, token, false);
        }
    }

    /** The attempt has come so far; renews its lease, too. */
    record Progress(UUID commandId, String queue, UUID jobId, long token, JobProgress progress) implements OfAttempt {}

    /**
     * The attempt succeeded.
     *
     * @param result JSON on one line, at most {@value JobSpec#MAX_RESULT_BYTES} bytes, or null
     */
    record Succeed(UUID commandId, String queue, UUID jobId, long token, @Nullable String result)
            implements OfAttempt {}

    /**
     * The attempt failed.
     *
     * @param giveUp whether no further attempt can succeed
     * @param retryAfterMs the next attempt is not before so long, 0 to {@value RetryPolicy#MOST_MS}
     */
    record Fail(UUID commandId, String queue, UUID jobId, long token, JobError error, boolean giveUp, long retryAfterMs)
            implements OfAttempt {
        /** Checks the range. */
        public Fail {
            JobLimits.range("retry_after_ms", retryAfterMs, 0, RetryPolicy.MOST_MS);
        }
    }

    /**
     * The worker gives the job back, started or not: it stops, or could not even try. It is no failure and counts as no attempt.
     *
     * @param retryAfterMs the next attempt of one that has started is not before so long, 0 to {@value RetryPolicy#MOST_MS}
     */
    record HandBack(UUID commandId, String queue, UUID jobId, long token, long retryAfterMs) implements OfAttempt {
        /** Checks the range. */
        public HandBack {
            JobLimits.range("retry_after_ms", retryAfterMs, 0, RetryPolicy.MOST_MS);
        }

        /** To be tried again at once. */
        public HandBack(UUID commandId, String queue, UUID jobId, long token) {
            this(commandId, queue, jobId, token, 0);
        }
    }

    /** Of a person, about a queue. */
    sealed interface OfQueue extends JobCommand {}

    /** Start no further job. */
    record Pause(UUID commandId, String queue) implements OfQueue {}

    /** Start jobs again. */
    record Resume(UUID commandId, String queue) implements OfQueue {}

    /**
     * Change the limits.
     *
     * @param limits from now on, or null for what the queue's declaration says
     */
    record Limit(UUID commandId, String queue, @Nullable QueueLimits limits) implements OfQueue {}
}
