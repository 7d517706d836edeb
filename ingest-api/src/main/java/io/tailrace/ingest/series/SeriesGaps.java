package io.tailrace.ingest.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a series has nothing to show. A metric that is read every few windows is not full of gaps, so what counts is how far apart its
 * rows usually are: a gap is at least three times that, and two windows. Pure.
 */
final class SeriesGaps {
    private static final int TIMES_THE_USUAL = 3;
    private static final int WINDOWS = 2;

    private SeriesGaps() {}

    /**
     * Puts a row of nothing at the beginning of each gap, behind the last window before it. Between two rows that are shown is at most one,
     * that of the longest gap.
     *
     * @param all all rows, in the order of time
     * @param shown some of them, in their order
     * @param lengthMs the length of a window, in milliseconds
     */
    static List<SeriesRow> mark(List<SeriesRow> all, List<SeriesRow> shown, long lengthMs) {
        if (all.size() < 2 || shown.isEmpty()) {
            return shown;
        }
        long longestMs = Math.max(WINDOWS * lengthMs, TIMES_THE_USUAL * usualMs(all));
        List<SeriesRow> marked = new ArrayList<>(shown.size() + 8);
        marked.add(shown.getFirst());
        int at = 0;
        while (all.get(at).tMs() < shown.getFirst().tMs()) {
            at++;
        }
        for (int i = 1; i < shown.size(); i++) {
            long gapMs = 0;
            long fromMs = 0;
            for (; all.get(at).tMs() < shown.get(i).tMs(); at++) {
                long apartMs = all.get(at + 1).tMs() - all.get(at).tMs();
                if (apartMs > Math.max(gapMs, longestMs)) {
                    gapMs = apartMs;
                    fromMs = all.get(at).tMs() + lengthMs;
                }
            }
            if (gapMs > 0) {
                marked.add(SeriesRow.gap(fromMs));
            }
            marked.add(shown.get(i));
        }
        return marked;
    }

    /** The median of the times between rows. */
    private static long usualMs(List<SeriesRow> all) {
        long[] apartMs = new long[all.size() - 1];
        for (int i = 0; i < apartMs.length; i++) {
            apartMs[i] = all.get(i + 1).tMs() - all.get(i).tMs();
        }
        Arrays.sort(apartMs);
        return apartMs[apartMs.length / 2];
    }
}
