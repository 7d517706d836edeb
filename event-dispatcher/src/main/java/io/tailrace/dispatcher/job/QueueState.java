package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.QueueLimits;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a queue.
 *
 * @param name its name
 * @param paused whether no further job of it starts
 * @param limited whether an operator has set its limits, and not its declaration
 * @param limits what holds
 * @param counts how many jobs stand where
 * @param nextOrder of the next job that becomes ready
 * @param rateUs of its rate; see {@link Rate}
 * @param uptake how fast its jobs are started
 * @param sweep where the search for keys that changed limits let go has come to; null if there is none
 */
record QueueState(
        String name,
        boolean paused,
        boolean limited,
        QueueLimits limits,
        QueueCounts counts,
        long nextOrder,
        long rateUs,
        Uptake uptake,
        @Nullable String sweep) {
    /** Before the first key. */
    static final String SWEEP_START = "";

    static QueueState empty(String name, QueueLimits limits) {
        return new QueueState(name, false, false, limits, QueueCounts.NONE, 0, 0, Uptake.NONE, null);
    }

    QueueState moved(@Nullable JobPhase from, @Nullable JobPhase to) {
        return new QueueState(name, paused, limited, limits, counts.moved(from, to), nextOrder, rateUs, uptake, sweep);
    }

    QueueState ordered() {
        return new QueueState(name, paused, limited, limits, counts, nextOrder + 1, rateUs, uptake, sweep);
    }

    QueueState paused(boolean next) {
        return new QueueState(name, next, limited, limits, counts, nextOrder, rateUs, uptake, sweep);
    }

    /** Under other limits, so that keys which they let go have to be found. */
    QueueState limited(boolean byOperator, QueueLimits next) {
        return new QueueState(name, paused, byOperator, next, counts, nextOrder, rateUs, uptake, SWEEP_START);
    }

    QueueState withRate(long nextRateUs) {
        return new QueueState(name, paused, limited, limits, counts, nextOrder, nextRateUs, uptake, sweep);
    }

    /** A job of it was started. */
    QueueState started(long nowMs) {
        return new QueueState(name, paused, limited, limits, counts, nextOrder, rateUs, uptake.started(nowMs), sweep);
    }

    QueueState sweptTo(@Nullable String key) {
        return new QueueState(name, paused, limited, limits, counts, nextOrder, rateUs, uptake, key);
    }
}
