package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.QueueLimits;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a queue.
 *
 * @param name its name
 * @param paused whether no further job of it starts
 * @param limited whether an operator has set its limits, and not its declaration
 * @param limits what holds
 * @param counts how many jobs stand where
 * @param types what is known of those of each type, by its name; unmodifiable. A type that is missing is {@link TypeState#NONE}
 * @param nextOrder of the next job that becomes ready
 * @param rateUs of its rate; see {@link Rate}
 * @param sweep where the search for keys that changed limits let go has come to; null if there is none
 */
record QueueState(
        String name,
        boolean paused,
        boolean limited,
        QueueLimits limits,
        QueueCounts counts,
        SortedMap<String, TypeState> types,
        long nextOrder,
        long rateUs,
        @Nullable String sweep) {
    /** Before the first key. */
    static final String SWEEP_START = "";

    /** Of a queue of which no type is known. */
    static final SortedMap<String, TypeState> NO_TYPES = Collections.unmodifiableSortedMap(new TreeMap<>());

    /** Beyond so many types those that have nothing ready or released are forgotten: the log may name any. */
    private static final int MOST_TYPES = 32;

    static QueueState empty(String name, QueueLimits limits) {
        return new QueueState(name, false, false, limits, QueueCounts.NONE, NO_TYPES, 0, 0, null);
    }

    /** A job of a type moved; null for one that was not, or is no longer, in the book. */
    QueueState moved(String type, @Nullable JobPhase from, @Nullable JobPhase to) {
        TypeState moved = type(type).moved(from, to);
        return new QueueState(
                name, paused, limited, limits, counts.moved(from, to), with(type, moved), nextOrder, rateUs, sweep);
    }

    /** What is known of a type. */
    TypeState type(String type) {
        return types.getOrDefault(type, TypeState.NONE);
    }

    private SortedMap<String, TypeState> with(String type, TypeState state) {
        if (state.equals(type(type))) {
            return types;
        }
        SortedMap<String, TypeState> next = new TreeMap<>(types);
        next.put(type, state);
        if (next.size() > MOST_TYPES) {
            next.values().removeIf(TypeState::isIdle);
        }
        return Collections.unmodifiableSortedMap(next);
    }

    /** The same, of which the types are known. */
    QueueState typed(SortedMap<String, TypeState> known) {
        return new QueueState(
                name,
                paused,
                limited,
                limits,
                counts,
                Collections.unmodifiableSortedMap(known),
                nextOrder,
                rateUs,
                sweep);
    }

    QueueState ordered() {
        return new QueueState(name, paused, limited, limits, counts, types, nextOrder + 1, rateUs, sweep);
    }

    QueueState paused(boolean next) {
        return new QueueState(name, next, limited, limits, counts, types, nextOrder, rateUs, sweep);
    }

    /** Under other limits, so that keys which they let go have to be found. */
    QueueState limited(boolean byOperator, QueueLimits next) {
        return new QueueState(name, paused, byOperator, next, counts, types, nextOrder, rateUs, SWEEP_START);
    }

    QueueState withRate(long nextRateUs) {
        return new QueueState(name, paused, limited, limits, counts, types, nextOrder, nextRateUs, sweep);
    }

    /** A job of a type was started. */
    QueueState started(String type, long nowMs) {
        SortedMap<String, TypeState> next = with(type, type(type).started(nowMs));
        return new QueueState(name, paused, limited, limits, counts, next, nextOrder, rateUs, sweep);
    }

    QueueState sweptTo(@Nullable String key) {
        return new QueueState(name, paused, limited, limits, counts, types, nextOrder, rateUs, key);
    }

    /** Whether a type has a job that its credit lets go. */
    boolean isAnyTypeOpen(long nowMs, int credit) {
        for (TypeState type : types.values()) {
            if (type.isOpen(nowMs, credit)) {
                return true;
            }
        }
        return false;
    }
}
