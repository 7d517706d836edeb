package io.tailrace.edge.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * Which windows were told as part of the history, and as of which offset of their channel. The history of one call is of one snapshot, so all
 * of its windows are true at one offset; a call that was cut goes on with the windows that are left, of a later snapshot. The channel is then
 * read from the first snapshot on, because that is how old the windows are that were told first, and what later windows have already is left
 * out. Immutable.
 *
 * @param steps by ascending time; each is for the windows that begin before its end and not before the end of the step before. Empty: there
 *     is no history that the channel has to be held against
 */
public record ToldWindows(List<Step> steps) {
    /** No history. */
    public static final ToldWindows NONE = new ToldWindows(List.of());

    /** More steps than that are not kept: a call that is cut as often within one history tells some states twice. */
    static final int MAX_STEPS = 32;

    /** The end of a history that was told whole. */
    private static final long ALL = Long.MAX_VALUE;

    /**
     * Windows of one snapshot.
     *
     * @param untilMs windows that begin before this time, in milliseconds since the epoch
     * @param offset the first offset of the channel that is not in them
     */
    public record Step(long untilMs, long offset) {}

    /** Checks the order. */
    public ToldWindows {
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
     * A history of which nothing was told so far.
     *
     * @param fromMs where it begins
     * @param offset of its snapshot
     */
    public static ToldWindows none(long fromMs, long offset) {
        return new ToldWindows(List.of(new Step(fromMs, offset)));
    }

    /** Whether there is no history that was begun and not told to its end. */
    public boolean isComplete() {
        return steps.isEmpty() || steps.getLast().untilMs() == ALL;
    }

    /** Where an incomplete history goes on, in milliseconds since the epoch. */
    public long nextMs() {
        return steps.getLast().untilMs();
    }

    /** The same when everything up to a time was told as of an offset. */
    public ToldWindows until(long untilMs, long offset) {
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
        return new ToldWindows(next);
    }

    /** The same when the rest was told as of an offset. */
    public ToldWindows all(long offset) {
        return until(ALL, offset);
    }

    /**
     * Whether the history has a state already.
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

    /** What is left to be held against the channel once it was read up to an offset. */
    public ToldWindows after(long nextOffset) {
        return isComplete() && steps.stream().allMatch(step -> step.offset() <= nextOffset) ? NONE : this;
    }
}
