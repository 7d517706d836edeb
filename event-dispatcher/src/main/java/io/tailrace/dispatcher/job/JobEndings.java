package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How attempts and jobs end: which failure is the last, when the next attempt is, and how long a finished job is known. */
final class JobEndings {
    private final JobBook book;
    private final JobLedger ledger;
    private final DeskSettings settings;
    private final Jitter jitter;

    JobEndings(JobBook book, JobLedger ledger, DeskSettings settings, Jitter jitter) {
        this.book = book;
        this.ledger = ledger;
        this.settings = settings;
        this.jitter = jitter;
    }

    /**
     * An attempt failed.
     *
     * @param giveUp whether no further attempt can succeed
     * @param retryAfterMs the least wait until the next one
     * @param cause the worker's word, or null if its time ran out
     */
    void failed(
            StoredJob job,
            JobError error,
            boolean giveUp,
            long retryAfterMs,
            @Nullable JobCommand cause,
            long nowMs,
            List<JobEffect> effects) {
        RetryPolicy policy = job.spec().retry();
        boolean last = job.counted() >= job.spec().maxAttempts();
        if (giveUp || last || policy.givesUpOn(error.type())) {
            StoredJob dead = finished(job, JobState.DEAD, cause, nowMs);
            effects.add(new JobEffect.Dead(dead, cause, error));
            return;
        }
        long waitMs = jitter.waitMs(job.id(), job.attempt(), policy.boundMs(job.counted()));
        long dueMs = nowMs + Math.max(waitMs, retryAfterMs);
        StoredJob retrying = job.in(new JobPhase.Delayed(dueMs, true)).told(id(cause));
        ledger.put(job, retrying, nowMs);
        effects.add(new JobEffect.Retrying(retrying, cause, error));
    }

    /** A job is finished. Who waits for its unique key has it now, unless the key has a time of its own. */
    StoredJob finished(StoredJob job, JobState state, @Nullable JobCommand cause, long nowMs) {
        StoredJob finished = job.in(phase(job, state, nowMs, nowMs)).told(id(cause));
        ledger.put(job, finished, nowMs);
        if (state == JobState.SUCCEEDED) {
            book.putPayload(job.id(), null);
        }
        freeUniqueKey(job);
        return finished;
    }

    /** A running job is cancelled. Its worker is told by the event, and has its lease to stop. */
    StoredJob stopping(StoredJob job, JobPhase.Running running, @Nullable JobCommand cause, long nowMs) {
        long untilMs = Math.min(running.leaseUntilMs(), running.deadlineMs());
        StoredJob stopping = job.in(new JobPhase.Stopping(untilMs, nowMs)).told(id(cause));
        ledger.put(job, stopping, nowMs);
        freeUniqueKey(job);
        return stopping;
    }

    /** The worker of a cancelled job has stopped, or is taken for lost. One that was erased meanwhile, and has no payload, is forgotten. */
    void stopped(StoredJob job, JobPhase.Stopping stopping, long nowMs) {
        if (!book.hasPayload(job.id())) {
            ledger.remove(job, nowMs);
            return;
        }
        ledger.put(job, job.in(phase(job, JobState.CANCELLED, stopping.finishedMs(), nowMs)), nowMs);
    }

    private JobPhase phase(StoredJob job, JobState state, long finishedMs, long nowMs) {
        Duration keep = state == JobState.DEAD ? settings.keepDead() : settings.keepFinished();
        // The answer to another job with its unique key names it.
        long uniqueUntilMs = job.origin().enqueuedMs() + 1000L * job.spec().uniqueSeconds();
        return new JobPhase.Finished(state, finishedMs, Math.max(nowMs + keep.toMillis(), uniqueUntilMs));
    }

    private void freeUniqueKey(StoredJob job) {
        QueueKey unique = JobLedger.uniqueKey(job);
        if (unique != null && job.spec().uniqueSeconds() == 0 && ledger.has(unique, job)) {
            book.putUnique(unique, null);
        }
    }

    private static @Nullable UUID id(@Nullable JobCommand cause) {
        return cause == null ? null : cause.commandId();
    }
}
