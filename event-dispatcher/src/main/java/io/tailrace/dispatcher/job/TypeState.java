package io.tailrace.dispatcher.job;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the jobs of one type in a queue. Each type has a credit of its own, so that what nobody runs holds back nothing but
 * itself. Of jobs that count for {@link QueueState#SHARED} the same is known together.
 *
 * @param candidates are ready, and can be released
 * @param released were handed to the workers
 * @param uptake how fast its jobs are started
 */
record TypeState(int candidates, int released, Uptake uptake) {
    /** Of a type without jobs. */
    static final TypeState NONE = new TypeState(0, 0, Uptake.NONE);

    /** A job moved; null for one that was not, or is no longer, in the book. */
    TypeState moved(@Nullable JobPhase from, @Nullable JobPhase to) {
        return new TypeState(
                candidates + candidate(to) - candidate(from), released + released(to) - released(from), uptake);
    }

    private static int candidate(@Nullable JobPhase phase) {
        return phase instanceof JobPhase.Ready(boolean candidate, boolean _) && candidate ? 1 : 0;
    }

    private static int released(@Nullable JobPhase phase) {
        return phase instanceof JobPhase.Released ? 1 : 0;
    }

    /** A job of it was started. */
    TypeState started(long nowMs) {
        return new TypeState(candidates, released, uptake.started(nowMs));
    }

    /**
     * Whether there is a job that its credit lets go.
     *
     * @param most the most that may be released and not started, however fast the workers are
     */
    boolean isOpen(long nowMs, int most) {
        return candidates > 0 && released < uptake.credit(nowMs, most);
    }

    /** Whether it can be forgotten: all that is lost is how fast its jobs were started last. */
    boolean isIdle() {
        return candidates == 0 && released == 0;
    }
}
