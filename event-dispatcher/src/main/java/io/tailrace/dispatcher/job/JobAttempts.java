package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobCommand.Fail;
import io.tailrace.contracts.job.JobCommand.HandBack;
import io.tailrace.contracts.job.JobCommand.Heartbeat;
import io.tailrace.contracts.job.JobCommand.OfAttempt;
import io.tailrace.contracts.job.JobCommand.Progress;
import io.tailrace.contracts.job.JobCommand.Start;
import io.tailrace.contracts.job.JobCommand.Succeed;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.JobState;
import java.util.List;

/**
 * What workers say of attempts, and what happens to those that say nothing. An attempt is known by the token of its release;
 * whoever names another one changes nothing. An attempt has exactly one outcome, and it is decided in log order: a success that
 * stands in the log before the end of its lease was decided counts, however late it is.
 */
final class JobAttempts {
    private final JobLedger ledger;
    private final JobEndings endings;
    private final DeskSettings settings;

    JobAttempts(JobLedger ledger, JobEndings endings, DeskSettings settings) {
        this.ledger = ledger;
        this.endings = endings;
        this.settings = settings;
    }

    /** Decides what a worker says of a job that is there. */
    void decide(OfAttempt command, StoredJob job, long nowMs, List<JobEffect> effects) {
        if (command.commandId().equals(job.lastCommand())) {
            effects.add(new JobEffect.Repeated(command, job));
        } else if (command.token() != job.token()) {
            refuse(command, JobRefusal.STALE_TOKEN, job, effects);
        } else {
            switch (job.phase()) {
                case JobPhase.Released _ -> whileReleased(command, job, nowMs, effects);
                case JobPhase.Running running -> whileRunning(command, job, running, nowMs, effects);
                case JobPhase.Stopping stopping -> whileStopping(command, job, stopping, nowMs, effects);
                case JobPhase.Delayed _, JobPhase.Ready _, JobPhase.Finished _ ->
                    refuse(command, JobRefusal.STALE_TOKEN, job, effects);
            }
        }
    }

    private void whileReleased(OfAttempt command, StoredJob job, long nowMs, List<JobEffect> effects) {
        switch (command) {
            case Start start -> {
                if (ledger.queue(job.queue()).paused()) {
                    ledger.put(job, ledger.readyAgain(job), nowMs);
                    refuse(command, JobRefusal.QUEUE_PAUSED, job, effects);
                } else {
                    start(start, job, nowMs, effects);
                }
            }
            case HandBack _ -> ledger.put(job, ledger.readyAgain(job), nowMs);
            case Heartbeat _, Progress _, Succeed _, Fail _ -> refuse(command, JobRefusal.NOT_STARTED, job, effects);
        }
    }

    private void start(Start command, StoredJob job, long nowMs, List<JobEffect> effects) {
        long deadlineMs = nowMs + 1000L * job.spec().timeoutSeconds();
        JobPhase.Running running = new JobPhase.Running(leaseUntilMs(nowMs), deadlineMs);
        StoredJob started = job.started(nowMs, command.worker(), running).told(command.commandId());
        ledger.put(job, started, nowMs);
        ledger.started(job, nowMs);
        effects.add(new JobEffect.Started(started, command));
    }

    private void whileRunning(
            OfAttempt command, StoredJob job, JobPhase.Running running, long nowMs, List<JobEffect> effects) {
        switch (command) {
            case Start(var _, var _, var _, long _, String worker) -> {
                if (worker.equals(job.worker())) {
                    effects.add(new JobEffect.Repeated(command, job));
                } else {
                    refuse(command, JobRefusal.ALREADY_STARTED, job, effects);
                }
            }
            case Heartbeat heartbeat -> {
                StoredJob renewed = renewed(job, running, nowMs);
                ledger.put(job, renewed, nowMs);
                if (heartbeat.wantsAnswer()) {
                    effects.add(new JobEffect.Confirmed(command, renewed));
                }
            }
            case Progress progress -> {
                // A command that only tells is not the last one that changed something.
                StoredJob told = renewed(job, running, nowMs).told(null);
                ledger.put(job, told, nowMs);
                effects.add(new JobEffect.Progressed(told, command, progress.progress()));
            }
            case Succeed succeed -> {
                StoredJob succeeded = endings.finished(job, JobState.SUCCEEDED, command, nowMs);
                effects.add(new JobEffect.Succeeded(succeeded, command, succeed.result()));
            }
            case Fail fail ->
                endings.failed(job, fail.error(), fail.giveUp(), fail.retryAfterMs(), command, nowMs, effects);
            case HandBack back -> handedBack(back, job, nowMs, effects);
        }
    }

    private void handedBack(HandBack command, StoredJob job, long nowMs, List<JobEffect> effects) {
        long waitMs = command.retryAfterMs();
        StoredJob next = waitMs == 0 ? ledger.readyAgain(job) : job.in(new JobPhase.Delayed(nowMs + waitMs, true));
        StoredJob back = next.uncounted(job.uncounted() + 1).told(command.commandId());
        ledger.put(job, back, nowMs);
        JobError error = new JobError(
                JobError.HANDED_BACK, waitMs == 0 ? "the worker stops" : "the worker could not try, and does so later");
        effects.add(new JobEffect.Retrying(back, command, error));
    }

    private void whileStopping(
            OfAttempt command, StoredJob job, JobPhase.Stopping stopping, long nowMs, List<JobEffect> effects) {
        switch (command) {
            case Start _, Heartbeat _, Progress _ -> {}
            case Succeed _, Fail _, HandBack _ -> endings.stopped(job, stopping, nowMs);
        }
        refuse(command, JobRefusal.CANCELLED, job, effects);
    }

    /** The time of an attempt is over. */
    void overdue(StoredJob job, long nowMs, List<JobEffect> effects) {
        switch (job.phase()) {
            case JobPhase.Released _ -> ledger.put(job, ledger.unstarted(job), nowMs);
            case JobPhase.Running running ->
                endings.failed(job, error(job, running, nowMs), false, 0, null, nowMs, effects);
            case JobPhase.Stopping stopping -> endings.stopped(job, stopping, nowMs);
            case JobPhase.Delayed _, JobPhase.Ready _, JobPhase.Finished _ ->
                throw new IllegalStateException(job.id() + " has no attempt that could be overdue");
        }
    }

    private JobError error(StoredJob job, JobPhase.Running running, long nowMs) {
        return nowMs >= running.deadlineMs()
                ? new JobError(
                        JobError.TIMEOUT,
                        "the attempt took longer than " + job.spec().timeoutSeconds() + " s")
                : new JobError(
                        JobError.LEASE_EXPIRED,
                        "worker " + job.worker() + " was silent for "
                                + settings.lease().toMillis() + " ms");
    }

    private StoredJob renewed(StoredJob job, JobPhase.Running running, long nowMs) {
        return job.in(new JobPhase.Running(leaseUntilMs(nowMs), running.deadlineMs()));
    }

    private long leaseUntilMs(long nowMs) {
        return nowMs + settings.lease().toMillis();
    }

    private static void refuse(JobCommand command, JobRefusal reason, StoredJob job, List<JobEffect> effects) {
        effects.add(new JobEffect.Refused(command, reason, job));
    }
}
