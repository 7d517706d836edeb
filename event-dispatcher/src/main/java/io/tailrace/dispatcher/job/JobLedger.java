package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.QueueLimits;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Moves jobs in the book, and keeps in step what is counted of their queue and their key, and which job of each key may be
 * released next. Single-threaded, like its book.
 *
 * <p>Of each key at most one job is a candidate: its first, if the key is at no limit. So the search for the next job of a queue never
 * walks over jobs whose key keeps them, however many those are.
 */
final class JobLedger {
    private final JobBook book;
    private final JobQueues declared;

    JobLedger(JobBook book, JobQueues declared) {
        this.book = book;
        this.declared = declared;
    }

    /** The queue, with the limits that hold now: those of its declaration, unless an operator has set others. */
    QueueState queue(String name) {
        QueueState stored = book.queue(name);
        QueueLimits limits = declared.of(name).map(JobQueue::limits).orElse(null);
        if (stored == null) {
            return QueueState.empty(name, limits == null ? QueueLimits.NONE : limits);
        }
        if (stored.limited() || limits == null || limits.equals(stored.limits())) {
            return stored;
        }
        return stored.limited(false, limits);
    }

    /** Puts a job in the place of what it was; null for a new one. */
    void put(@Nullable StoredJob before, StoredJob after, long nowMs) {
        move(before, after, after, nowMs);
    }

    /** Takes a job out of the book, with its payload and its unique key. */
    void remove(StoredJob job, long nowMs) {
        move(job, null, job, nowMs);
        if (job.phase().state() != JobState.SUCCEEDED) {
            // That of a job that has succeeded is gone.
            book.putPayload(job.id(), null);
        }
        QueueKey unique = uniqueKey(job);
        if (unique != null && has(unique, job)) {
            book.putUnique(unique, null);
        }
    }

    private void move(@Nullable StoredJob before, @Nullable StoredJob after, StoredJob job, long nowMs) {
        JobPhase from = before == null ? null : before.phase();
        JobPhase to = after == null ? null : after.phase();
        book.putQueue(queue(job.queue()).moved(job.spec().type(), from, to));
        book.putJob(before, after);
        QueueKey key = job.key();
        if (key != null) {
            KeyState state = book.key(key);
            KeyState moved = state.moved(from, to);
            if (job.id().equals(moved.candidate())) {
                // It has left its place, or comes back to it with the next look.
                boolean stays = to instanceof JobPhase.Ready(boolean candidate, boolean _) && candidate;
                moved = moved.with(stays ? job.id() : null, moved.blocked(), moved.wakeMs());
            }
            refresh(key, state, moved, nowMs);
        }
    }

    /** Sees to it that the first ready job of a key is a candidate if the key is at no limit, and that no other one is. */
    void refresh(QueueKey key, long nowMs) {
        KeyState state = book.key(key);
        refresh(key, state, state, nowMs);
    }

    /**
     * As above, of a key that moved.
     *
     * @param before as it is in the book
     */
    private void refresh(QueueKey key, KeyState before, KeyState state, long nowMs) {
        QueueLimits limits = queue(key.queue()).limits();
        StoredJob first = state.ready() == 0 ? null : book.firstReady(key);
        boolean free = isFree(limits, state, nowMs);
        StoredJob wanted = free ? first : null;
        UUID candidate = state.candidate();
        if (candidate != null && (wanted == null || !wanted.id().equals(candidate))) {
            setCandidate(Objects.requireNonNull(book.job(candidate)), false);
        }
        if (wanted != null && !wanted.id().equals(candidate)) {
            setCandidate(wanted, true);
        }
        boolean blocked = first != null && !free;
        UUID next = wanted == null ? null : wanted.id();
        book.putKey(key, before, state.with(next, blocked, wakeMs(limits, state, nowMs)));
    }

    /** When a key is to be looked at although none of its jobs moves. */
    private static long wakeMs(QueueLimits limits, KeyState state, long nowMs) {
        if (state.ready() > 0) {
            long freeMs = Rate.freeAtMs(limits.keyRatePerSecond(), state.rateUs());
            return freeMs > nowMs ? freeMs : 0;
        }
        // Its rate has to be remembered until it says nothing any more.
        long idleMs = Rate.idleAtMs(state.rateUs());
        return state.active() == 0 && idleMs > nowMs ? idleMs : 0;
    }

    private void setCandidate(StoredJob job, boolean candidate) {
        QueueState queue = queue(job.queue());
        JobPhase.Ready to = queue.ready(job.spec().type(), candidate);
        book.putQueue(queue.moved(job.spec().type(), job.phase(), to));
        book.putJob(job, job.in(to));
    }

    /** Whether a key is at no limit. */
    static boolean isFree(QueueLimits limits, KeyState state, long nowMs) {
        return (limits.keyConcurrency() == 0 || state.active() < limits.keyConcurrency())
                && Rate.isFree(limits.keyRatePerSecond(), state.rateUs(), nowMs);
    }

    /** A released job was started. */
    void started(StoredJob job, long nowMs) {
        book.putQueue(queue(job.queue()).started(job.credit(), nowMs));
    }

    /** A job that becomes ready, behind those of its priority that are. */
    StoredJob ready(StoredJob job) {
        QueueState queue = queue(job.queue());
        book.putQueue(queue.ordered());
        // A candidate is chosen among those of a key; without a key it is one at once.
        return job.at(queue.nextOrder()).in(queue.ready(job.spec().type(), job.key() == null));
    }

    /** A job that is ready again, in its old place. */
    StoredJob readyAgain(StoredJob job) {
        return job.in(queue(job.queue()).ready(job.spec().type(), job.key() == null));
    }

    /**
     * A released job that nobody started. One that shares its credit goes behind the others of its priority, so that types without workers do not keep
     * the others from that credit again and again; those of a key stay in their order.
     */
    StoredJob unstarted(StoredJob job) {
        return job.phase().isShared() && job.key() == null ? ready(job) : readyAgain(job);
    }

    /** The unique key of a job with its queue, or null if it has none. */
    static @Nullable QueueKey uniqueKey(StoredJob job) {
        String key = job.spec().uniqueKey();
        return key == null ? null : new QueueKey(job.queue(), key);
    }

    /** Whether a job has a unique key, or had it last. */
    boolean has(QueueKey unique, StoredJob job) {
        UniqueClaim claim = book.unique(unique);
        return claim != null && claim.jobId().equals(job.id());
    }
}
