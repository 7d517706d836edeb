package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobQueue;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Hands jobs to the workers: of the types that have credit ({@link Uptake}) the first candidate of a queue, while that is not paused and at no
 * limit. A released job counts for the limits as a running one does, so they are never exceeded. Single-threaded, like its book.
 */
final class JobReleases {
    private final JobBook book;
    private final JobLedger ledger;
    private final DeskSettings settings;

    JobReleases(JobBook book, JobLedger ledger, DeskSettings settings) {
        this.book = book;
        this.ledger = ledger;
        this.settings = settings;
    }

    /** Whether a job of the queue can be released. */
    boolean isDue(JobQueue queue, long nowMs) {
        QueueState state = ledger.queue(queue.name());
        int concurrency = state.limits().concurrency();
        return state.counts().candidates() > 0
                && !state.paused()
                && (concurrency == 0 || state.counts().active() < concurrency)
                && Rate.isFree(state.limits().ratePerSecond(), state.rateUs(), nowMs)
                && state.isAnyTypeOpen(nowMs, queue.credit());
    }

    /** The first candidate of the types that have credit, and of those that share one. */
    private StoredJob next(JobQueue queue, QueueState state, long nowMs) {
        StoredJob next = null;
        for (Map.Entry<String, TypeState> type : state.types().entrySet()) {
            if (type.getValue().isOpen(nowMs, queue.credit())) {
                StoredJob first = Objects.requireNonNull(
                        book.firstCandidate(queue.name(), type.getKey()), "a candidate is missing that is counted");
                next = next == null || isBefore(first, next) ? first : next;
            }
        }
        return Objects.requireNonNull(next, "no type has credit");
    }

    private static boolean isBefore(StoredJob one, StoredJob other) {
        int byPriority = Integer.compare(other.spec().priority(), one.spec().priority());
        return byPriority == 0 ? one.order() < other.order() : byPriority < 0;
    }

    /**
     * Releases jobs.
     *
     * @param limit the most looks at a candidate
     * @return how many looks there were
     */
    int release(JobQueue queue, long nowMs, int limit, List<JobEffect> effects) {
        int looks = 0;
        while (looks < limit && isDue(queue, nowMs)) {
            looks++;
            QueueState state = ledger.queue(queue.name());
            StoredJob job = next(queue, state, nowMs);
            QueueKey key = job.key();
            if (key != null) {
                KeyState keyState = book.key(key);
                if (!JobLedger.isFree(state.limits(), keyState, nowMs)) {
                    // A limit was lowered after it had become a candidate.
                    ledger.refresh(key, nowMs);
                    continue;
                }
                double keyRate = state.limits().keyRatePerSecond();
                book.putKey(key, keyState, keyState.withRate(Rate.taken(keyRate, keyState.rateUs(), nowMs)));
            }
            book.putQueue(state.withRate(Rate.taken(state.limits().ratePerSecond(), state.rateUs(), nowMs)));
            StoredJob released = job.released(nowMs + settings.releaseTimeout().toMillis());
            ledger.put(job, released, nowMs);
            effects.add(new JobEffect.Released(
                    released, book.payload(job.id()), settings.lease().toMillis()));
        }
        return looks;
    }
}
