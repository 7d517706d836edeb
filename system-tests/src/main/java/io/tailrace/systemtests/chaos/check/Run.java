package io.tailrace.systemtests.chaos.check;

import java.util.TreeSet;

/** One channel of one client, from the start that it was told to the removal. Not thread-safe. */
final class Run {
    /** More than these are counted, but not recognised when they come late. */
    private static final int MAX_MISSING = 100_000;

    private final TreeSet<Integer> missing = new TreeSet<>();
    private long lost;
    private long startOffset;
    private long nextOffset;
    private long toldAtMs;

    /**
     * A run that starts.
     *
     * @param startOffset where it was told to start, or {@link Entry#UNKNOWN}
     * @param toldAtMs when the client was told, milliseconds since 1970: what is newer belongs to the run
     */
    Run(long startOffset, long toldAtMs) {
        this.startOffset = startOffset;
        this.nextOffset = startOffset;
        this.toldAtMs = toldAtMs;
    }

    /** What an event is to this run. */
    enum Arrival {
        NEXT,
        REPEATED,
        LATE,
        BEFORE_START
    }

    /** Whether it has not been told yet where it starts. */
    boolean isPending() {
        return nextOffset == Entry.UNKNOWN;
    }

    /** The start was not known when the run began. */
    void startsAt(long offset, long nowMs) {
        if (isPending()) {
            startOffset = offset;
            nextOffset = offset;
            toldAtMs = nowMs;
        }
    }

    Arrival arrives(ChannelLog log, int position) {
        long offset = log.get(position).offset();
        startsAt(offset, Long.MAX_VALUE);
        int expected = log.firstAt(nextOffset);
        if (position >= expected) {
            misses(expected, position);
            nextOffset = offset + 1;
            return Arrival.NEXT;
        }
        if (missing.remove(position)) {
            return Arrival.LATE;
        }
        return offset < startOffset ? Arrival.BEFORE_START : Arrival.REPEATED;
    }

    /** A true gap was told; gives how many events of this channel are in it. */
    int gap(ChannelLog log, long from, long to) {
        startsAt(from, Long.MAX_VALUE);
        if (to <= nextOffset) {
            return 0;
        }
        int expected = log.firstAt(nextOffset);
        int first = Math.max(expected, log.firstAt(from));
        misses(expected, first);
        nextOffset = to;
        return Math.max(0, log.firstAt(to) - first);
    }

    /** Events of the log that should have come before now and did not. */
    long missing(ChannelLog log) {
        long before = 0;
        // Written after the client was told that it reads: a start behind them leaves them out.
        for (int i = Math.min(log.firstAt(startOffset), log.size()) - 1;
                i >= 0 && log.get(i).timeMs() > toldAtMs;
                i--) {
            before++;
        }
        return lost + missing.size() + before;
    }

    /** Events of the log that have not come yet. */
    long outstanding(ChannelLog log) {
        return log.size() - log.firstAt(Math.max(0, nextOffset));
    }

    private void misses(int from, int to) {
        for (int i = from; i < to; i++) {
            if (missing.size() < MAX_MISSING) {
                missing.add(i);
            } else {
                lost++;
            }
        }
    }
}
