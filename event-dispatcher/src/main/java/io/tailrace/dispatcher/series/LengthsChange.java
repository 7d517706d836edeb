package io.tailrace.dispatcher.series;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a task keeps over to other lengths of windows. No window may be told with fewer readings than it was told with before. So
 * what is not told yet is told by the old lengths, and a window that would be merged from others than before is left as it is if readings
 * came for it already: it begins before {@link Extent#openMs()}.
 *
 * <p>One thing is not held back: the windows of a new finest length begin after the log's time, though a reading from ahead of it may have
 * come before. They lack it, and no coarser window is merged from them.
 */
final class LengthsChange {
    private static final int PER_TURN = 2_000;

    private final SeriesBook book;
    private final List<Long> before;
    private final List<Long> after;
    private final SeriesOutput output;

    /**
     * From some lengths to others, each in milliseconds and from the finest to the coarsest.
     *
     * @param before not empty
     */
    LengthsChange(SeriesBook book, List<Long> before, List<Long> after, SeriesOutput output) {
        this.book = book;
        this.before = before;
        this.after = after;
        this.output = output;
    }

    /** Does it, once. Returns whether something was told. */
    boolean apply(long nowMs) {
        boolean told = tellUntold(nowMs);
        long finestMs = before.getFirst();
        long takenMs =
                Math.max(book.latestEndMs(finestMs), book.extent(finestMs).wholeMs());
        for (int level = 0; level < after.size(); level++) {
            book.putExtent(after.get(level), extent(level, takenMs));
        }
        for (long lengthMs : before) {
            if (!after.contains(lengthMs)) {
                forget(lengthMs);
            }
        }
        book.putLengths(after);
        return told;
    }

    private boolean tellUntold(long nowMs) {
        Set<WindowKey> untold = new TreeSet<>(book.untold());
        WindowMerge merge = new WindowMerge(book, before, untold::contains);
        boolean told = false;
        for (WindowKey key : untold) {
            @Nullable Window window = merge.current(key);
            if (window != null && after.contains(key.lengthMs())) {
                output.tell(key, window, nowMs);
                told = true;
            }
            book.removeUntold(key);
        }
        return told;
    }

    /**
     * What there is of a length from now on.
     *
     * @param takenMs no finest window of before that begins then or later has a reading
     */
    private Extent extent(int level, long takenMs) {
        long lengthMs = after.get(level);
        Extent known = book.extent(lengthMs);
        int was = before.indexOf(lengthMs);
        if (level == 0) {
            return was >= 0 ? known : beginning(lengthMs, takenMs);
        }
        long finerMs = after.get(level - 1);
        long partsMs = book.extent(finerMs).wholeMs();
        if (was < 0) {
            return known.from(nextStart(lengthMs, Math.max(takenMs, partsMs)));
        }
        boolean isMergedAsBefore = was > 0 && before.get(was - 1) == finerMs;
        return isMergedAsBefore ? known : known.from(nextStart(lengthMs, partsMs));
    }

    private Extent beginning(long lengthMs, long takenMs) {
        long openMs = nextStart(lengthMs, book.clockMs() + 1);
        return new Extent(openMs, nextStart(lengthMs, Math.max(takenMs, openMs)));
    }

    /** The beginning of the first window that begins then or later. */
    private static long nextStart(long lengthMs, long timeMs) {
        return Math.ceilDiv(timeMs, lengthMs) * lengthMs;
    }

    private void forget(long lengthMs) {
        List<WindowKey> gone = book.before(lengthMs, Long.MAX_VALUE, PER_TURN);
        while (!gone.isEmpty()) {
            gone.forEach(book::remove);
            gone = book.before(lengthMs, Long.MAX_VALUE, PER_TURN);
        }
        book.putExtent(lengthMs, Extent.ALL);
    }
}
