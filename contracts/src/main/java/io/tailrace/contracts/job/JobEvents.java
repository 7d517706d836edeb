package io.tailrace.contracts.job;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The types and payloads of the job topics and channels. A payload or result of a job is any JSON; here it is an
 * {@code Object} of the JSON library.
 */
public final class JobEvents {
    /** On {@code tailrace.job-commands}; payload {@link EnqueueRequested}. */
    public static final String ENQUEUE_REQUESTED = "job_enqueue_requested";

    /** On {@code tailrace.job-commands}; payload {@link JobRequested}, as those of the next three. */
    public static final String CANCEL_REQUESTED = "job_cancel_requested";

    /** See {@link JobCommand.Retry}. */
    public static final String RETRY_REQUESTED = "job_retry_requested";

    /** See {@link JobCommand.RunNow}. */
    public static final String RUN_NOW_REQUESTED = "job_run_now_requested";

    /** See {@link JobCommand.Erase}. */
    public static final String ERASE_REQUESTED = "job_erase_requested";

    /** On {@code tailrace.job-commands}; payload {@link AttemptReported}, as those of the next six. */
    public static final String ATTEMPT_STARTED = "job_attempt_started";

    /** See {@link JobCommand.Heartbeat}. */
    public static final String ATTEMPT_CONTINUED = "job_attempt_continued";

    /** As {@link #ATTEMPT_CONTINUED}, and answered in any case. */
    public static final String ATTEMPT_CHECKED = "job_attempt_checked";

    /** See {@link JobCommand.Progress}. */
    public static final String ATTEMPT_PROGRESSED = "job_attempt_progressed";

    /** See {@link JobCommand.Succeed}. */
    public static final String ATTEMPT_SUCCEEDED = "job_attempt_succeeded";

    /** See {@link JobCommand.Fail}. */
    public static final String ATTEMPT_FAILED = "job_attempt_failed";

    /** See {@link JobCommand.HandBack}. */
    public static final String ATTEMPT_HANDED_BACK = "job_attempt_handed_back";

    /** On {@code tailrace.job-commands}; payload {@link QueueRequested}, as those of the next two. */
    public static final String PAUSE_REQUESTED = "queue_pause_requested";

    /** See {@link JobCommand.Resume}. */
    public static final String RESUME_REQUESTED = "queue_resume_requested";

    /** See {@link JobCommand.Limit}. */
    public static final String LIMITS_REQUESTED = "queue_limits_requested";

    /**
     * On {@code tailrace.job-commands}, key {@value #CLOCK_KEY} and the partition; written by the dispatcher to itself when the time
     * of something has come, so that it has its place in the log like a command. Payload: an empty object.
     */
    public static final String TIME_PASSED = "time_passed";

    /** What the keys of {@link #TIME_PASSED} begin with. */
    public static final String CLOCK_KEY = "clock/";

    /**
     * On {@code tailrace.job-ready.<queue>}, key the job's id, the type of the job as the event's subject, so that a worker need not read the
     * payload of a job that others run; payload {@link JobReleased}.
     */
    public static final String JOB_RELEASED = "job_released";

    /** On {@code tailrace.job-events} and both channels; payload {@link JobChanged}, as those of the next six. */
    public static final String JOB_SCHEDULED = "job_scheduled";

    /** An attempt has begun. */
    public static final String JOB_STARTED = "job_started";

    /** An attempt has come so far. */
    public static final String JOB_PROGRESSED = "job_progressed";

    /** An attempt ended without success, and there will be another. */
    public static final String JOB_RETRYING = "job_retrying";

    /** An attempt succeeded. */
    public static final String JOB_SUCCEEDED = "job_succeeded";

    /** The last attempt failed, or one by an error that no attempt can cure. */
    public static final String JOB_DEAD = "job_dead";

    /** Somebody cancelled the job. */
    public static final String JOB_CANCELLED = "job_cancelled";

    /**
     * On {@code tailrace.job-logs}, key the job's id, and {@code job:{id}}; written by workers, and decided by nobody. Payload {@link
     * JobLogged}.
     */
    public static final String JOB_LOGGED = "job_logged";

    /** On {@code tailrace.job-events} and {@code jobs:{queue}}; payload {@link QueueChanged}. */
    public static final String QUEUE_CHANGED = "queue_changed";

    /** On {@code jobs:{queue}} alone, written when the copy of the jobs has changed; payload {@link QueueCounted}. */
    public static final String QUEUE_COUNTED = "queue_counted";

    /** On {@code tailrace.job-events} alone; payload {@link CommandAnswered}. */
    public static final String COMMAND_ANSWERED = "job_command_answered";

    private JobEvents() {}

    /**
     * Payload: run this job.
     *
     * @param schedule the firing of a schedule that it is, or null
     */
    public record EnqueueRequested(
            UUID commandId, String queue, JobSpec job, @Nullable Object payload, @Nullable ScheduleFiring schedule) {
        /** Of no schedule. */
        public EnqueueRequested(UUID commandId, String queue, JobSpec job, @Nullable Object payload) {
            this(commandId, queue, job, payload, null);
        }
    }

    /** Payload: cancel, retry, run or erase this job. */
    public record JobRequested(UUID commandId, String queue, UUID jobId) {}

    /**
     * Payload: what a worker says of an attempt.
     *
     * @param worker who; of {@link #ATTEMPT_STARTED}
     * @param progress of {@link #ATTEMPT_PROGRESSED}
     * @param result of {@link #ATTEMPT_SUCCEEDED}, any JSON or null
     * @param error of {@link #ATTEMPT_FAILED}
     * @param giveUp of {@link #ATTEMPT_FAILED}: whether no further attempt can succeed
     * @param retryAfterMs of {@link #ATTEMPT_FAILED} and {@link #ATTEMPT_HANDED_BACK}: the next attempt is not before so long
     */
    public record AttemptReported(
            UUID commandId,
            String queue,
            UUID jobId,
            long token,
            @Nullable String worker,
            @Nullable JobProgress progress,
            @Nullable Object result,
            @Nullable JobError error,
            boolean giveUp,
            long retryAfterMs) {}

    /**
     * Payload: pause, resume or limit this queue.
     *
     * @param limits of {@link #LIMITS_REQUESTED}, or null for what the queue's declaration says
     */
    public record QueueRequested(UUID commandId, String queue, @Nullable QueueLimits limits) {}

    /**
     * A job as it stands.
     *
     * @param state a {@link JobState#label}
     * @param runAt when it may run, or might at first
     * @param attempt the number of the last attempt, 0 before the first; those that were handed back count
     * @param startedAt when the last attempt began
     * @param worker who runs it, or ran its last attempt
     */
    public record JobView(
            UUID id,
            String queue,
            String type,
            String state,
            int priority,
            Instant runAt,
            int attempt,
            int maxAttempts,
            int timeoutSeconds,
            @Nullable String key,
            @Nullable String uniqueKey,
            Instant enqueuedAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String worker) {}

    /**
     * Payload: something happened to a job.
     *
     * @param commandId the command that led to it, which it answers; null if time did, and on channels
     * @param fingerprint {@link JobFingerprint#text} of an enqueued job, which who waits for the answer compares; null on channels
     * @param token of the attempt that it is about; null on channels
     * @param payload of a job that is new; null on channels
     * @param progress of {@link #JOB_PROGRESSED}
     * @param error of {@link #JOB_RETRYING} and {@link #JOB_DEAD}
     * @param result of {@link #JOB_SUCCEEDED}
     */
    public record JobChanged(
            JobView job,
            @Nullable UUID commandId,
            @Nullable String fingerprint,
            @Nullable Long token,
            @Nullable Object payload,
            @Nullable JobProgress progress,
            @Nullable JobError error,
            @Nullable Object result) {}

    /**
     * Payload: what an attempt has logged since the last event of it.
     *
     * @param attempt the number of the attempt
     * @param lines in their order; may be empty
     * @param dropped how many further lines of the attempt are not kept, as far as that is known
     */
    public record JobLogged(UUID jobId, int attempt, List<JobLogLine> lines, int dropped) {
        /** Checks the ranges, and copies the lines. */
        public JobLogged {
            if (jobId == null) {
                throw new IllegalArgumentException("job_id: is missing, expected the id of a job");
            }
            JobLimits.range("attempt", attempt, 1, Integer.MAX_VALUE);
            lines = lines == null ? List.of() : List.copyOf(lines);
            JobLimits.range("lines: their number", lines.size(), 0, JobLogLine.MAX_LINES);
            JobLimits.range("dropped", dropped, 0, Integer.MAX_VALUE);
        }
    }

    /**
     * Payload: a queue was paused, resumed or limited.
     *
     * @param commandId the command that led to it, which it answers; null on channels
     */
    public record QueueChanged(String queue, boolean paused, QueueLimits limits, @Nullable UUID commandId) {}

    /** Jobs by state, as the log last said. */
    public record QueueSizes(
            long scheduled, long ready, long running, long retrying, long succeeded, long dead, long cancelled) {}

    /**
     * Payload: how many jobs a queue has.
     *
     * @param oldestWaitingAt when the oldest job that waits was, or the first one is, to run; null if none waits
     */
    public record QueueCounted(String queue, QueueSizes sizes, @Nullable Instant oldestWaitingAt) {}

    /**
     * Payload: the answer to a command that changed nothing.
     *
     * @param accepted whether what was asked for is so: the command was decided before, a job with the unique key is there, or the
     *     attempt may go on
     * @param repeated whether the command was decided before
     * @param reason a {@link JobRefusal#label}, or null if accepted
     * @param fingerprint of the command, as in {@link JobChanged}
     * @param job the job that it is about, if there is one
     */
    public record CommandAnswered(
            UUID commandId,
            String queue,
            boolean accepted,
            boolean repeated,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable JobView job) {}

    /**
     * Payload: a job that a worker may run now.
     *
     * @param attempt the number that the attempt will have
     * @param token stands for this release of the job; whatever is said of the attempt names it. Grows with each release of a job
     * @param lastAttempt whether a failure is final
     * @param leaseMs for how long the attempt may be silent once it has started
     */
    public record JobReleased(
            UUID id,
            String queue,
            String type,
            int attempt,
            boolean lastAttempt,
            long token,
            int priority,
            Instant enqueuedAt,
            Instant runAt,
            int timeoutSeconds,
            long leaseMs,
            @Nullable Object payload) {}
}
