package io.tailrace.standalone.supervision;

import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides when a broker that answers has to be started again because one of its coordinators does not: whoever has its
 * offsets or its transactions there can never commit. A coordinator that still loads looks the same as one that has failed,
 * so only time tells them apart. Pure; not thread-safe.
 */
public final class CoordinatorWatch {
    private static final long NEVER = Long.MAX_VALUE;

    private final Limits limits;
    /** Since when each coordinator has been unable, milliseconds. */
    private final Map<String, Long> unableSinceMs = new TreeMap<>();

    private long ableSinceMs = NEVER;
    private int strikes;
    private boolean gaveUp;

    /** A watch that has seen nothing yet. */
    public CoordinatorWatch(Limits limits) {
        this.limits = limits;
    }

    /**
     * How patient it is.
     *
     * @param patienceMs how long a coordinator may be unable before the first restart, milliseconds; doubles with every
     *     restart in a row, because the machine may just be slow
     * @param maxRestarts how many restarts in a row it may ask for; 0: none
     * @param forgiveAfterMs a broker whose coordinators have all been able for so long starts a new row, milliseconds
     */
    public record Limits(long patienceMs, int maxRestarts, long forgiveAfterMs) {
        /** Checks the numbers; more than ten doublings help nobody. */
        public Limits {
            if (patienceMs < 1 || maxRestarts < 0 || maxRestarts > 10 || forgiveAfterMs < 1) {
                throw new IllegalArgumentException("coordinators: patience " + patienceMs + " ms, " + maxRestarts
                        + " restarts, forgiven after " + forgiveAfterMs
                        + " ms: expected times above 0 and 0 to 10 restarts");
            }
        }
    }

    /** What a round of questions found. */
    public sealed interface Answer {
        /** The broker itself did not answer, which says nothing of its coordinators. */
        record Silence() implements Answer {}

        /**
         * The broker answered.
         *
         * @param unable the names of the coordinators that did not
         */
        record Answered(Set<String> unable) implements Answer {
            /** Copies the set. */
            public Answered {
                unable = Set.copyOf(unable);
            }
        }
    }

    /** What to do. */
    public sealed interface Verdict {
        /** Nothing but to ask again. */
        record Wait() implements Verdict {}

        /** Start the broker again. */
        record Restart(String reason) implements Verdict {}

        /** Restarts do not help. Said once; nothing will be done until the coordinators come back by other means. */
        record GiveUp(String reason) implements Verdict {}
    }

    /** The broker has been started: what was seen of it before does not count, the restarts do. */
    public void started() {
        unableSinceMs.clear();
        ableSinceMs = NEVER;
    }

    /**
     * What to do after a round of questions.
     *
     * @param nowMs of a clock that only goes forward
     */
    public Verdict observe(Answer answer, long nowMs) {
        return switch (answer) {
            case Answer.Silence() -> {
                started();
                yield new Verdict.Wait();
            }
            case Answer.Answered(Set<String> unable) -> unable.isEmpty() ? able(nowMs) : unable(unable, nowMs);
        };
    }

    private Verdict able(long nowMs) {
        unableSinceMs.clear();
        ableSinceMs = Math.min(ableSinceMs, nowMs);
        if (nowMs - ableSinceMs >= limits.forgiveAfterMs()) {
            strikes = 0;
            gaveUp = false;
        }
        return new Verdict.Wait();
    }

    private Verdict unable(Set<String> unable, long nowMs) {
        ableSinceMs = NEVER;
        unableSinceMs.keySet().retainAll(unable);
        unable.forEach(name -> unableSinceMs.putIfAbsent(name, nowMs));
        SortedSet<String> overdue = new TreeSet<>();
        unableSinceMs.forEach((name, sinceMs) -> {
            if (nowMs - sinceMs >= limits.patienceMs() << strikes) {
                overdue.add(name);
            }
        });
        if (overdue.isEmpty() || gaveUp) {
            return new Verdict.Wait();
        }
        String reason = "its coordinators of " + String.join(", ", overdue) + " have not answered for "
                + (limits.patienceMs() << strikes) + " ms";
        if (strikes >= limits.maxRestarts()) {
            gaveUp = true;
            return new Verdict.GiveUp(reason + ", after " + strikes + " restarts for it");
        }
        strikes++;
        started();
        return new Verdict.Restart(reason);
    }
}
