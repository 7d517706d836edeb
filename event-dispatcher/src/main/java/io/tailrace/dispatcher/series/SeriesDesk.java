package io.tailrace.dispatcher.series;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what readings do to windows. A reading goes into its finest window; coarser ones are merged from finer ones when they are
 * told. What a window has depends on the log alone; when it is told depends on the clock, too.
 *
 * <p>Time passes by the log: it is the latest time of the records so far, which the broker's copies share, so that a reading is late or
 * not whoever reads the log, and whenever. A reading counts as long as its finest window has ended no longer than the grace period ago.
 * A window is kept while it, or the coarser one that it is a part of, can still change. What was forgotten is kept as an {@link Extent} of
 * each length, so that a longer grace period does not make a window anew that was full. Belongs to one task.
 */
final class SeriesDesk {
    /** A record that is older than this when it is read is one of a backlog. */
    static final long LAGGING_MS = 5_000;

    /** The most windows that are forgotten, or told by the clock, in one go. */
    private static final int PER_TURN = 2_000;

    private static final long UNKNOWN = -1;

    private final SeriesBook book;
    private final List<Resolution> resolutions;
    private final List<Long> lengths;
    private final long graceMs;
    private final long aheadMs;
    private final SeriesOutput output;
    private final PublishPace pace = new PublishPace();
    private final WindowMerge merge;

    /** By level. */
    private final Extent[] extents;

    private long clockMs = UNKNOWN;
    private boolean hasLengths;
    private long nextForgetMs;

    /**
     * A desk that has decided nothing yet.
     *
     * @param graceMs how long after its end a finest window takes readings
     * @param aheadMs how far ahead of the log's time a reading may be
     */
    SeriesDesk(SeriesBook book, Resolutions resolutions, long graceMs, long aheadMs, SeriesOutput output) {
        this.book = book;
        this.resolutions = resolutions.all();
        this.lengths = resolutions.all().stream().map(Resolution::lengthMs).toList();
        this.merge = new WindowMerge(book, lengths, pace::hasChanged);
        this.extents = new Extent[lengths.size()];
        Arrays.fill(extents, Extent.ALL);
        this.graceMs = graceMs;
        this.aheadMs = aheadMs;
        this.output = output;
    }

    /**
     * Applies a reading.
     *
     * @param recordMs the time of its record, in milliseconds since the epoch
     * @param nowMs the wall clock
     * @return whether something was told
     */
    boolean apply(SeriesReading reading, long recordMs, long nowMs) {
        boolean told = wake(nowMs);
        if (!hasLengths) {
            hasLengths = true;
            book.putLengths(lengths);
        }
        if (recordMs > clockMs) {
            clockMs = recordMs;
            book.putClock(clockMs);
        }
        told |= forget(nowMs);
        Resolution finest = resolutions.getFirst();
        long atMs = Math.floorDiv(reading.atUs(), 1_000L);
        WindowKey key = key(finest, reading, atMs);
        if (key.endMs() + graceMs <= clockMs || key.startMs() < extents[0].openMs()) {
            output.late();
            return told;
        }
        if (atMs > clockMs + aheadMs) {
            output.ahead();
            return told;
        }
        Window window = book.window(key);
        Window changed = window == null ? new Window() : window;
        changed.add(reading.atUs(), reading.value());
        book.put(key, changed);
        boolean lagging = nowMs - recordMs > LAGGING_MS;
        for (int level = 0; level < resolutions.size(); level++) {
            WindowKey wider = key(resolutions.get(level), reading, atMs);
            if (wider.startMs() >= extents[level].openMs()) {
                told |= changed(wider, lagging, nowMs);
            }
        }
        return told;
    }

    private static WindowKey key(Resolution resolution, SeriesReading reading, long atMs) {
        return new WindowKey(resolution.lengthMs(), resolution.startOf(atMs), reading.metric());
    }

    private boolean changed(WindowKey key, boolean lagging, long nowMs) {
        boolean before = pace.hasChanged(key);
        if (pace.changed(key, lagging, nowMs)) {
            tell(key, nowMs);
            return true;
        }
        if (!before) {
            book.putUntold(key);
        }
        return false;
    }

    /** Called by the clock: tells what is due. Returns whether something was told. */
    boolean look(long nowMs) {
        boolean woken = wake(nowMs);
        int told = 0;
        WindowKey key = pace.next(nowMs);
        while (key != null && told < PER_TURN) {
            untell(key, nowMs);
            told++;
            key = pace.next(nowMs);
        }
        return woken || told > 0;
    }

    private void untell(WindowKey key, long nowMs) {
        tell(key, nowMs);
        book.removeUntold(key);
    }

    private void tell(WindowKey key, long nowMs) {
        Window window = merge.current(key);
        pace.published(key, nowMs);
        if (window != null) {
            output.tell(key, window, nowMs);
        }
    }

    /** Forgets windows that cannot change any more, nor be a part of one that can. Returns whether something was told before. */
    private boolean forget(long nowMs) {
        if (clockMs < nextForgetMs) {
            return false;
        }
        boolean told = false;
        int left = PER_TURN;
        // From the coarsest, so that each is merged while its parts are there.
        for (int level = resolutions.size() - 1; level >= 0 && left > 0; level--) {
            Resolution resolution = resolutions.get(level);
            @Nullable Resolution coarser = level + 1 < resolutions.size() ? resolutions.get(level + 1) : null;
            long beforeMs = (coarser == null ? resolution : coarser).startOf(clockMs - graceMs);
            leave(level, beforeMs);
            List<WindowKey> gone = book.before(resolution.lengthMs(), beforeMs, left);
            for (WindowKey key : gone) {
                told |= coarser != null && settle(whole(key, coarser), nowMs);
                told |= settle(key, nowMs);
                book.remove(key);
            }
            left -= gone.size();
        }
        nextForgetMs = left > 0 ? clockMs + resolutions.getFirst().lengthMs() : clockMs;
        return told;
    }

    private void leave(int level, long beforeMs) {
        Extent left = extents[level].from(beforeMs);
        if (!left.equals(extents[level])) {
            extents[level] = left;
            book.putExtent(lengths.get(level), left);
        }
    }

    private static WindowKey whole(WindowKey part, Resolution coarser) {
        return new WindowKey(coarser.lengthMs(), coarser.startOf(part.startMs()), part.metric());
    }

    private boolean settle(WindowKey key, long nowMs) {
        boolean changed = pace.hasChanged(key);
        if (changed) {
            untell(key, nowMs);
        }
        return changed;
    }

    /**
     * The store is not read before there is something to do: it may not be filled yet. And nothing is written to it before the first
     * reading: an application that has state without committed offsets is not started again. Returns whether something was told,
     * because the lengths of windows have changed.
     */
    private boolean wake(long nowMs) {
        if (clockMs != UNKNOWN) {
            return false;
        }
        clockMs = book.clockMs();
        List<Long> before = book.lengths();
        hasLengths = !before.isEmpty();
        boolean told =
                hasLengths && !before.equals(lengths) && new LengthsChange(book, before, lengths, output).apply(nowMs);
        for (int level = 0; level < extents.length; level++) {
            extents[level] = book.extent(lengths.get(level));
        }
        for (WindowKey key : book.untold()) {
            if (lengths.contains(key.lengthMs())) {
                var unused = pace.changed(key, false, nowMs);
            } else {
                book.removeUntold(key);
            }
        }
        return told;
    }
}
