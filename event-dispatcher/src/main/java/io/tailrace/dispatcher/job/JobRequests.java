package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobCommand.Cancel;
import io.tailrace.contracts.job.JobCommand.Enqueue;
import io.tailrace.contracts.job.JobCommand.Erase;
import io.tailrace.contracts.job.JobCommand.Limit;
import io.tailrace.contracts.job.JobCommand.OfQueue;
import io.tailrace.contracts.job.JobCommand.Pause;
import io.tailrace.contracts.job.JobCommand.Resume;
import io.tailrace.contracts.job.JobCommand.Retry;
import io.tailrace.contracts.job.JobCommand.RunNow;
import io.tailrace.contracts.job.JobFingerprint;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.QueueLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people and programs ask for: new jobs, and what is to become of those that are there, or of a queue. */
final class JobRequests {
    private final JobBook book;
    private final JobLedger ledger;
    private final JobEndings endings;

    JobRequests(JobBook book, JobLedger ledger, JobEndings endings) {
        this.book = book;
        this.ledger = ledger;
        this.endings = endings;
    }

    /** A new job, unless it is there, or another one has its unique key. */
    void enqueue(JobQueue queue, Enqueue command, long nowMs, List<JobEffect> effects) {
        long fingerprint = JobFingerprint.of(command);
        StoredJob known = book.job(command.commandId());
        if (known != null) {
            effects.add(
                    known.origin().fingerprint() == fingerprint
                            ? new JobEffect.Repeated(command, known)
                            : new JobEffect.Refused(command, JobRefusal.ID_REUSED, known));
            return;
        }
        StoredJob holder = holder(command, nowMs);
        if (holder != null) {
            effects.add(new JobEffect.Existing(command, holder));
            return;
        }
        if (ledger.queue(queue.name()).counts().unfinished() >= queue.capacity()) {
            effects.add(new JobEffect.Refused(command, JobRefusal.QUEUE_FULL, null));
            return;
        }
        long dueMs = command.spec().dueMs(nowMs);
        StoredJob.Origin origin =
                new StoredJob.Origin(command.commandId(), queue.name(), command.spec(), fingerprint, nowMs, dueMs);
        StoredJob job = new StoredJob(origin, 0, 0, 0, 0, 1, null, 0, null, new JobPhase.Delayed(dueMs, false));
        StoredJob placed = dueMs > nowMs ? job : ledger.ready(job);
        book.putPayload(job.id(), command.payload());
        claim(placed, nowMs);
        ledger.put(null, placed, nowMs);
        effects.add(new JobEffect.Scheduled(placed, command, command.payload()));
    }

    /** The job that has the unique key which a new one asks for, or null. */
    private @Nullable StoredJob holder(Enqueue command, long nowMs) {
        String key = command.spec().uniqueKey();
        UniqueClaim claim = key == null ? null : book.unique(new QueueKey(command.queue(), key));
        return claim != null && claim.holdsAt(nowMs) ? book.job(claim.jobId()) : null;
    }

    private void claim(StoredJob job, long nowMs) {
        QueueKey unique = JobLedger.uniqueKey(job);
        if (unique != null) {
            int seconds = job.spec().uniqueSeconds();
            long untilMs = seconds == 0 ? UniqueClaim.UNTIL_FINISHED : nowMs + 1000L * seconds;
            book.putUnique(unique, new UniqueClaim(job.id(), untilMs));
        }
    }

    /** Cancels a job that is not finished. */
    void cancel(Cancel command, StoredJob job, long nowMs, List<JobEffect> effects) {
        StoredJob cancelled =
                switch (job.phase()) {
                    case JobPhase.Delayed _, JobPhase.Ready _, JobPhase.Released _ ->
                        endings.finished(job, JobState.CANCELLED, command, nowMs);
                    case JobPhase.Running running -> endings.stopping(job, running, command, nowMs);
                    case JobPhase.Stopping _, JobPhase.Finished _ -> null;
                };
        if (cancelled == null) {
            refuse(command, JobRefusal.WRONG_STATE, job, effects);
        } else {
            effects.add(new JobEffect.Cancelled(cancelled, command));
        }
    }

    /**
     * Forgets a job of a person who is erased: its payload, its unique key and itself. While its worker has it, it counts for the limits; then the rest goes
     * when the worker has stopped ({@link JobEndings#stopped}). The answers do not tell the job, because its keys may name the person.
     */
    void erase(Erase command, StoredJob job, long nowMs, List<JobEffect> effects) {
        switch (job.phase()) {
            case JobPhase.Delayed _, JobPhase.Ready _, JobPhase.Released _, JobPhase.Running _ ->
                effects.add(new JobEffect.Refused(command, JobRefusal.WRONG_STATE, null));
            case JobPhase.Stopping _ -> {
                book.putPayload(job.id(), null);
                QueueKey unique = JobLedger.uniqueKey(job);
                if (unique != null && ledger.has(unique, job)) {
                    book.putUnique(unique, null);
                }
                effects.add(new JobEffect.Erased(command));
            }
            case JobPhase.Finished _ -> {
                ledger.remove(job, nowMs);
                effects.add(new JobEffect.Erased(command));
            }
        }
    }

    /** Begins anew with a job that died or was cancelled. */
    void retry(Retry command, StoredJob job, long nowMs, List<JobEffect> effects) {
        if (!(job.phase() instanceof JobPhase.Finished finished) || finished.state() == JobState.SUCCEEDED) {
            refuse(command, JobRefusal.WRONG_STATE, job, effects);
            return;
        }
        QueueKey unique = JobLedger.uniqueKey(job);
        if (unique != null) {
            UniqueClaim claim = book.unique(unique);
            if (claim != null && claim.holdsAt(nowMs) && !claim.jobId().equals(job.id())) {
                refuse(command, JobRefusal.UNIQUE_KEY_TAKEN, job, effects);
                return;
            }
            if (job.spec().uniqueSeconds() == 0) {
                claim(job, nowMs);
            }
        }
        StoredJob ready = ledger.ready(job).uncounted(job.attempt()).told(command.commandId());
        ledger.put(job, ready, nowMs);
        effects.add(new JobEffect.Scheduled(ready, command, null));
    }

    /** Does not wait for a job's time any longer. */
    void runNow(RunNow command, StoredJob job, long nowMs, List<JobEffect> effects) {
        if (!(job.phase() instanceof JobPhase.Delayed)) {
            refuse(command, JobRefusal.WRONG_STATE, job, effects);
            return;
        }
        StoredJob ready = ledger.ready(job).told(command.commandId());
        ledger.put(job, ready, nowMs);
        effects.add(new JobEffect.Scheduled(ready, command, null));
    }

    /** Changes a queue. To ask for what is so changes nothing, and is answered alike. */
    void change(JobQueue queue, OfQueue command, List<JobEffect> effects) {
        QueueState state = ledger.queue(queue.name());
        QueueState changed =
                switch (command) {
                    case Pause _ -> state.paused(true);
                    case Resume _ -> state.paused(false);
                    case Limit(var _, var _, QueueLimits limits) ->
                        limits == null ? state.limited(false, queue.limits()) : state.limited(true, limits);
                };
        book.putQueue(changed);
        effects.add(new JobEffect.QueueChanged(changed, command));
    }

    private static void refuse(JobCommand command, JobRefusal reason, StoredJob job, List<JobEffect> effects) {
        effects.add(new JobEffect.Refused(command, reason, job));
    }
}
