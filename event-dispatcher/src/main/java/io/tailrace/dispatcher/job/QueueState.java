package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.QueueLimits;
import java.util.Collections;
import java.util.Map;
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
 * @param types what is known of those of each type, by its name, and by {@link #SHARED} of those that share a credit; unmodifiable. A type that is
 *     missing is {@link TypeState#NONE}
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

    /**
     * Stands for the credit that jobs share whose type has none of its own: of types that became busy when {@link #MOST_BUSY} were, and those that
     * became ready before types had credits. No type has this name.
     */
    static final String SHARED = "";

    /** So many types may have candidates or released jobs under a credit of their own: the log may name any, and this state is one record. */
    static final int MOST_BUSY = 128;

    /** Beyond so many types those that have nothing ready or released are forgotten. */
    private static final int MOST_IDLE = 32;

    static QueueState empty(String name, QueueLimits limits) {
        return new QueueState(name, false, false, limits, QueueCounts.NONE, NO_TYPES, 0, 0, null);
    }

    /** A job of a type moved; null for one that was not, or is no longer, in the book. */
    QueueState moved(String type, @Nullable JobPhase from, @Nullable JobPhase to) {
        String left = credit(type, from);
        String entered = credit(type, to);
        SortedMap<String, TypeState> next;
        if (left.equals(entered)) {
            next = with(types, left, type(left).moved(from, to));
        } else {
            next = with(types, left, type(left).moved(from, null));
            next = with(next, entered, type(entered).moved(null, to));
        }
        QueueCounts counted = counts.moved(from, to);
        return new QueueState(name, paused, limited, limits, counted, next, nextOrder, rateUs, sweep);
    }

    private static String credit(String type, @Nullable JobPhase phase) {
        return phase != null && phase.isShared() ? SHARED : type;
    }

    /** Where a job of a type stands that becomes ready, or a candidate, or is none any longer. */
    JobPhase.Ready ready(String type, boolean candidate) {
        return new JobPhase.Ready(candidate, candidate && !hasCredit(type));
    }

    /** Whether a type has a credit of its own, or can get one. */
    private boolean hasCredit(String type) {
        if (types.size() < MOST_BUSY || !type(type).isIdle()) {
            return true;
        }
        int busy = 0;
        for (Map.Entry<String, TypeState> each : types.entrySet()) {
            if (!each.getKey().equals(SHARED) && !each.getValue().isIdle()) {
                busy++;
            }
        }
        return busy < MOST_BUSY;
    }

    /** What is known of a type, or of {@link #SHARED}. */
    TypeState type(String type) {
        return types.getOrDefault(type, TypeState.NONE);
    }

    private static SortedMap<String, TypeState> with(
            SortedMap<String, TypeState> before, String credit, TypeState state) {
        if (state.equals(before.getOrDefault(credit, TypeState.NONE))) {
            return before;
        }
        SortedMap<String, TypeState> next = new TreeMap<>(before);
        next.put(credit, state);
        if (next.size() > MOST_IDLE) {
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

    /** A job was started that counted for the credit of a type, or for {@link #SHARED}. */
    QueueState started(String credit, long nowMs) {
        SortedMap<String, TypeState> next = with(types, credit, type(credit).started(nowMs));
        return new QueueState(name, paused, limited, limits, counts, next, nextOrder, rateUs, sweep);
    }

    QueueState sweptTo(@Nullable String key) {
        return new QueueState(name, paused, limited, limits, counts, types, nextOrder, rateUs, key);
    }

    /** Whether there is a job that its credit lets go. */
    boolean isAnyTypeOpen(long nowMs, int credit) {
        for (TypeState type : types.values()) {
            if (type.isOpen(nowMs, credit)) {
                return true;
            }
        }
        return false;
    }
}
