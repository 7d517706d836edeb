package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Decides commands, and what time leads to, in log order over a {@link JobBook}.
 *
 * <p>Time is the log's: {@code nowMs} is the record's timestamp and never steps back. Nothing happens by itself: what is due waits
 * until {@link #tick} is called, so that a restart, or a dispatcher that was away, leads to the same decisions.
 *
 * <p>Invariants: an attempt has one outcome; of a queue, and of each key, never more jobs are released or running than their limits
 * allow; of each type in it at most {@link JobQueue#credit} jobs are released and not started, and fewer while the workers are slow; a ready job is
 * released before every one of lower priority that its key, its type and its queue let go; a token that is not current changes nothing.
 *
 * <p>A decision reads and writes a bounded number of entries, whatever waits, and writes all of them or, if it throws, none.
 * Single-threaded, like its book.
 */
final class JobDesk {
    private final JobBook book;
    private final JobQueues queues;
    private final DeskSettings settings;
    private final JobLedger ledger;
    private final JobReleases releases;
    private final JobAttempts attempts;
    private final JobRequests requests;

    /**
     * What a tick led to.
     *
     * @param effects in their order
     * @param more whether something is left that could have been done now
     */
    record Turn(List<JobEffect> effects, boolean more) {}

    /**
     * A desk over a book.
     *
     * @param queues the declared ones whose commands it decides
     */
    JobDesk(JobBook book, JobQueues queues, DeskSettings settings, Jitter jitter) {
        this.book = book;
        this.queues = queues;
        this.settings = settings;
        this.ledger = new JobLedger(book, queues);
        this.releases = new JobReleases(book, ledger, settings);
        JobEndings endings = new JobEndings(book, ledger, settings, jitter);
        this.attempts = new JobAttempts(ledger, endings, settings);
        this.requests = new JobRequests(book, ledger, endings);
    }

    /** Decides a command at {@code nowMs} (epoch milliseconds), and releases what it makes room for. */
    List<JobEffect> decide(JobCommand command, long nowMs) {
        return wholly(() -> {
            List<JobEffect> effects = new ArrayList<>(2);
            JobQueue queue = queues.of(command.queue()).orElse(null);
            if (queue == null) {
                effects.add(new JobEffect.Refused(command, JobRefusal.UNKNOWN_QUEUE, null));
            } else {
                decide(queue, command, nowMs, effects);
                int unused = sweep(queue, nowMs, settings.releasesPerTurn());
                unused = releases.release(queue, nowMs, settings.releasesPerTurn(), effects);
            }
            return effects;
        });
    }

    private void decide(JobQueue queue, JobCommand command, long nowMs, List<JobEffect> effects) {
        switch (command) {
            case JobCommand.Enqueue enqueue -> requests.enqueue(queue, enqueue, nowMs, effects);
            case JobCommand.OfQueue change -> requests.change(queue, change, effects);
            case JobCommand.OfJob ofJob -> {
                StoredJob job = book.job(ofJob.jobId());
                if (job == null || !job.queue().equals(queue.name())) {
                    effects.add(new JobEffect.Refused(command, JobRefusal.UNKNOWN_JOB, null));
                } else {
                    decide(ofJob, job, nowMs, effects);
                }
            }
        }
    }

    private void decide(JobCommand.OfJob command, StoredJob job, long nowMs, List<JobEffect> effects) {
        switch (command) {
            case JobCommand.OfAttempt ofAttempt -> attempts.decide(ofAttempt, job, nowMs, effects);
            case JobCommand.Cancel cancel -> {
                if (!isRepeated(command, job, effects)) {
                    requests.cancel(cancel, job, nowMs, effects);
                }
            }
            case JobCommand.Retry retry -> {
                if (!isRepeated(command, job, effects)) {
                    requests.retry(retry, job, nowMs, effects);
                }
            }
            case JobCommand.Erase erase -> {
                if (!isRepeated(command, job, effects)) {
                    requests.erase(erase, job, nowMs, effects);
                }
            }
            case JobCommand.RunNow runNow -> {
                if (!isRepeated(command, job, effects)) {
                    requests.runNow(runNow, job, nowMs, effects);
                }
            }
        }
    }

    private static boolean isRepeated(JobCommand command, StoredJob job, List<JobEffect> effects) {
        boolean repeated = command.commandId().equals(job.lastCommand());
        if (repeated) {
            effects.add(new JobEffect.Repeated(command, job));
        }
        return repeated;
    }

    /**
     * Does what is due at {@code nowMs}: ends attempts whose time is over, makes jobs ready whose time has come, releases what limits
     * let go by now, and forgets finished jobs.
     *
     * @param limit the most of each, so that commands are not kept waiting
     */
    Turn tick(long nowMs, int limit) {
        return wholly(() -> {
            List<JobEffect> effects = new ArrayList<>();
            int most = 0;
            List<StoredJob> overdue = book.overdue(nowMs, limit);
            overdue.forEach(job -> attempts.overdue(job, nowMs, effects));
            most = Math.max(most, overdue.size());
            List<StoredJob> due = book.due(nowMs, limit);
            due.forEach(job -> ledger.put(job, ledger.ready(job), nowMs));
            most = Math.max(most, due.size());
            List<QueueKey> waking = book.waking(nowMs, limit);
            waking.forEach(key -> ledger.refresh(key, nowMs));
            most = Math.max(most, waking.size());
            for (JobQueue queue : queues.all()) {
                most = Math.max(most, sweep(queue, nowMs, limit));
                most = Math.max(most, releases.release(queue, nowMs, limit, effects));
            }
            List<StoredJob> old = book.forgettable(nowMs, limit);
            old.forEach(job -> ledger.remove(job, nowMs));
            most = Math.max(most, old.size());
            return new Turn(effects, most >= limit);
        });
    }

    /** After a change of limits: finds keys that they let go. */
    private int sweep(JobQueue queue, long nowMs, int limit) {
        QueueState state = ledger.queue(queue.name());
        String from = state.sweep();
        if (from == null) {
            return 0;
        }
        List<QueueKey> blocked = book.blocked(queue.name(), from, limit);
        book.putQueue(
                state.sweptTo(blocked.size() < limit ? null : blocked.getLast().key()));
        blocked.forEach(key -> ledger.refresh(key, nowMs));
        return blocked.size();
    }

    /** Whether {@link #tick} would do something at {@code nowMs}. */
    boolean isDue(long nowMs) {
        return !book.due(nowMs, 1).isEmpty()
                || !book.overdue(nowMs, 1).isEmpty()
                || !book.waking(nowMs, 1).isEmpty()
                || !book.forgettable(nowMs, 1).isEmpty()
                || queues.all().stream().anyMatch(queue -> isDue(queue, nowMs));
    }

    private boolean isDue(JobQueue queue, long nowMs) {
        return ledger.queue(queue.name()).sweep() != null || releases.isDue(queue, nowMs);
    }

    private <T> T wholly(Supplier<T> decision) {
        try {
            T decided = decision.get();
            book.keep();
            return decided;
        } catch (RuntimeException e) {
            book.discard();
            throw e;
        }
    }
}
