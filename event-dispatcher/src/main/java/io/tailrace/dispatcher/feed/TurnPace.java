package io.tailrace.dispatcher.feed;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * When the next turn of a fan-out may begin. All that a turn writes has to be read by every edge and every projection, between the
 * posts of others. So turns take a share of the stream thread's time: after each there is a rest, in proportion to what the
 * turn took. Where processors are busy, turns take longer, and so do the rests.
 *
 * <p>The tasks of a thread have turns one after the other. Pure. Belongs to one stream thread: not thread-safe.
 */
final class TurnPace {
    /** A turn that was held up, by a collection of garbage or a slow disk, is no reason for a rest longer than this. */
    private static final long LONGEST_REST_NS = Duration.ofSeconds(1).toNanos();

    private final double share;

    /** Those with something to deliver, in the order of their turns. */
    private final Set<Object> waiting = new LinkedHashSet<>();

    private long restedAtNs;
    private boolean resting;

    /**
     * A pace.
     *
     * @param share of the time for turns, above 0 and at most 1, which is without a rest
     */
    TurnPace(double share) {
        this.share = share;
    }

    /** A task has something to deliver. */
    void join(Object task) {
        waiting.add(task);
    }

    /** It has nothing any more, or the task ends. */
    void leave(Object task) {
        waiting.remove(task);
    }

    /**
     * Whether it is the turn of a task that has joined.
     *
     * @param nowNs of a clock that never steps back, the same for all calls
     */
    boolean mayBegin(Object task, long nowNs) {
        if (resting && nowNs - restedAtNs < 0) {
            return false;
        }
        return !waiting.isEmpty() && waiting.iterator().next() == task;
    }

    /** A task had its turn: it is behind the others now, and there is a rest. */
    void ended(Object task, long beganNs, long nowNs) {
        if (waiting.remove(task)) {
            waiting.add(task);
        }
        double restNs = (nowNs - beganNs) * (1 - share) / share;
        restedAtNs = nowNs + Math.min(LONGEST_REST_NS, (long) restNs);
        resting = true;
    }
}
