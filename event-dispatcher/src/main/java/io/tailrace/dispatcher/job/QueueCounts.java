package io.tailrace.dispatcher.job;

import io.tailrace.dispatcher.job.JobPhase.Delayed;
import io.tailrace.dispatcher.job.JobPhase.Finished;
import io.tailrace.dispatcher.job.JobPhase.Ready;
import io.tailrace.dispatcher.job.JobPhase.Released;
import io.tailrace.dispatcher.job.JobPhase.Running;
import io.tailrace.dispatcher.job.JobPhase.Stopping;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs of a queue stand where.
 *
 * @param scheduled wait for their time
 * @param retrying wait for the time of their next attempt
 * @param waiting are ready, and cannot be released next
 * @param candidates are ready, and can
 * @param released were handed to the workers
 * @param running run
 * @param stopping were cancelled while they ran
 */
record QueueCounts(int scheduled, int retrying, int waiting, int candidates, int released, int running, int stopping) {
    static final QueueCounts NONE = new QueueCounts(0, 0, 0, 0, 0, 0, 0);

    /** A job moved; null for one that was not, or is no longer, in the book. */
    QueueCounts moved(@Nullable JobPhase from, @Nullable JobPhase to) {
        return plus(from, -1).plus(to, 1);
    }

    private QueueCounts plus(@Nullable JobPhase phase, int n) {
        return switch (phase) {
            case null -> this;
            case Delayed(long _, boolean again) -> again ? of(0, n, 0, 0, 0, 0, 0) : of(n, 0, 0, 0, 0, 0, 0);
            case Ready(boolean candidate, boolean _) -> candidate ? of(0, 0, 0, n, 0, 0, 0) : of(0, 0, n, 0, 0, 0, 0);
            case Released _ -> of(0, 0, 0, 0, n, 0, 0);
            case Running _ -> of(0, 0, 0, 0, 0, n, 0);
            case Stopping _ -> of(0, 0, 0, 0, 0, 0, n);
            case Finished _ -> this;
        };
    }

    private QueueCounts of(int a, int b, int c, int d, int e, int f, int g) {
        return new QueueCounts(
                scheduled + a, retrying + b, waiting + c, candidates + d, released + e, running + f, stopping + g);
    }

    /** Those that count for the limit of the queue. */
    int active() {
        return released + running + stopping;
    }

    /** Those that are not finished. */
    int unfinished() {
        return scheduled + retrying + waiting + candidates + active();
    }
}
