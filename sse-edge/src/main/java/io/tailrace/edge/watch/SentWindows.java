package io.tailrace.edge.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * Which windows a watch has sent as part of its history, and as of which offset of their channel. One call sends one snapshot, so
 * all of its windows are true at one offset; a call that resumes a history sends the remaining windows from a later snapshot. The
 * channel is then read from the offset of the oldest snapshot on, and states that a later snapshot already contained are left out.
 * Immutable.
 *
 * @param steps in ascending order of time; each covers the windows that begin before its end and not before the end of the step
 *     before it. An empty list means that there is no history to compare the channel with
 */
public record SentWindows(List<Step> steps) {
    /** No history. */
    public static final SentWindows NONE = new SentWindows(List.of());

    /** The most steps that are kept. A history that was interrupted more often sends some states twice. */
    static final int MAX_STEPS = 32;

    /** The end of a history that was sent completely. */
    private static final long ALL = Long.MAX_VALUE;

    /**
     * Windows of one snapshot.
     *
     * @param untilMs windows that begin before this time, in milliseconds since the epoch
     * @param offset the first offset of the channel that is not in them
     */
    public record Step(long untilMs, long offset) {}

    /** Checks the order. */
    public SentWindows {
        steps = List.copyOf(steps);
        if (steps.size() > MAX_STEPS) {
            throw new IllegalArgumentException(steps.size() + " steps, expected at most " + MAX_STEPS);
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).offset() < 0
                    || (i > 0 && steps.get(i).untilMs() <= steps.get(i - 1).untilMs())) {
                throw new IllegalArgumentException("steps that do not ascend");
            }
        }
    }

    /**
     * A history of which nothing has been sent yet.
     *
     * @param fromMs where it begins
     * @param offset of its snapshot
     */
    public static SentWindows none(long fromMs, long offset) {
        return new SentWindows(List.of(new Step(fromMs, offset)));
    }

    /** Whether no history is partly sent. */
    public boolean isComplete() {
        return steps.isEmpty() || steps.getLast().untilMs() == ALL;
    }

    /** Where an incomplete history continues, in milliseconds since the epoch. */
    public long nextMs() {
        return steps.getLast().untilMs();
    }

    /** The same after everything up to a time was sent as of an offset. */
    public SentWindows until(long untilMs, long offset) {
        List<Step> next = new ArrayList<>(steps);
        if (!next.isEmpty() && next.getLast().offset() == offset) {
            next.removeLast();
        }
        next.add(new Step(untilMs, offset));
        if (next.size() > MAX_STEPS) {
            Step first = next.removeFirst();
            Step second = next.removeFirst();
            next.addFirst(new Step(second.untilMs(), Math.min(first.offset(), second.offset())));
        }
        return new SentWindows(next);
    }

    /** The same after the rest was sent as of an offset. */
    public SentWindows all(long offset) {
        return until(ALL, offset);
    }

    /**
     * Whether the history already contained a state.
     *
     * @param tMs when its window begins
     * @param nextOffset the offset after its record
     */
    public boolean has(long tMs, long nextOffset) {
        for (Step step : steps) {
            if (tMs < step.untilMs()) {
                return nextOffset <= step.offset();
            }
        }
        return false;
    }

    /** What must still be compared with the channel after it was read up to an offset. */
    public SentWindows after(long nextOffset) {
        return isComplete() && steps.stream().allMatch(step -> step.offset() <= nextOffset) ? NONE : this;
    }
}
