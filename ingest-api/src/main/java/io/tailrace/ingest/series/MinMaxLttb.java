package io.tailrace.ingest.series;

import java.util.Arrays;
import java.util.List;

/**
 * Which points of a series to show where there is room for a few: MinMaxLTTB (Van Der Donckt, Van Der Donckt, Rademaker, Van Hoecke:
 * "MinMaxLTTB: Leveraging MinMax-Preselection to Scale LTTB", IEEE VIS 2023). First, of each of many buckets the points with the least
 * and the greatest value are kept. Then LTTB (Steinarsson: "Downsampling Time Series for Visual Representation", 2013) takes of each of
 * fewer buckets the one that makes the largest triangle with the point taken before and the mean of the next bucket. The first and the
 * last point are always kept, and where there is room for four, those with the least and the greatest value of all, too.
 *
 * <p>Buckets are of equal time and not of equal numbers of points, so that where readings are dense does not take the room of the rest;
 * an empty one gives nothing. A point here is a window: its extremes are those of its readings, its value in a triangle is the one of
 * least, mean and greatest that is farthest from the mean of the point taken before, and elsewhere the mean. Pure.
 */
final class MinMaxLttb {
    /** Points that are kept of each point that is shown. The paper finds no visible difference above 4. */
    private static final int PRESELECTION = 4;

    private MinMaxLttb() {}

    /**
     * Reduces a series.
     *
     * @param rows in the order of time, without gaps as rows
     * @param maxPoints at least 1
     * @return at most {@code maxPoints} of them, in their order; of at least 4 the windows with the least and the greatest value are two
     */
    static List<SeriesRow> reduce(List<SeriesRow> rows, int maxPoints) {
        if (rows.size() <= maxPoints) {
            return rows;
        }
        if (maxPoints < 3) {
            // The latest is the best single one.
            return maxPoints == 1 ? List.of(rows.getLast()) : List.of(rows.getFirst(), rows.getLast());
        }
        List<SeriesRow> candidates =
                rows.size() > maxPoints * PRESELECTION ? extremes(rows, maxPoints * PRESELECTION / 2) : rows;
        return candidates.size() <= maxPoints ? candidates : largestTriangles(candidates, maxPoints);
    }

    /** The first, the last, and of each bucket the points with the least and the greatest value. */
    static List<SeriesRow> extremes(List<SeriesRow> rows, int buckets) {
        Buckets spans = new Buckets(rows, buckets);
        boolean[] kept = new boolean[rows.size()];
        kept[0] = true;
        kept[rows.size() - 1] = true;
        for (int bucket = 0; bucket < buckets; bucket++) {
            int least = spans.from(bucket);
            int greatest = least;
            for (int i = least; i < spans.to(bucket); i++) {
                least = rows.get(i).min() < rows.get(least).min() ? i : least;
                greatest = rows.get(i).max() > rows.get(greatest).max() ? i : greatest;
            }
            if (spans.from(bucket) < spans.to(bucket)) {
                kept[least] = true;
                kept[greatest] = true;
            }
        }
        return picked(rows, kept);
    }

    private static List<SeriesRow> largestTriangles(List<SeriesRow> rows, int maxPoints) {
        boolean[] kept = outermost(rows, maxPoints - 2);
        List<SeriesRow> inner = rows.subList(1, rows.size() - 1);
        // Two that are in one bucket leave it with two points.
        Buckets spans = new Buckets(inner, count(kept) < 2 ? maxPoints - 2 : maxPoints - 3);
        SeriesRow before = rows.getFirst();
        int bucket = spans.next(0);
        while (bucket < spans.count()) {
            int next = spans.next(bucket + 1);
            int from = spans.from(bucket);
            int last = lastKept(kept, from, spans.to(bucket));
            if (last < 0) {
                List<SeriesRow> following = next < spans.count()
                        ? inner.subList(spans.from(next), spans.to(next))
                        : List.of(rows.getLast());
                last = from + largestTriangle(before, inner.subList(from, spans.to(bucket)), following);
                kept[1 + last] = true;
            }
            before = inner.get(last);
            bucket = next;
        }
        kept[0] = true;
        kept[rows.size() - 1] = true;
        return picked(rows, kept);
    }

    /**
     * Which rows have the least and the greatest value, but for the first and the last row.
     *
     * @param most 1 or more: of two, one is then the one that is farther from where the series begins
     */
    private static boolean[] outermost(List<SeriesRow> rows, int most) {
        int least = 0;
        int greatest = 0;
        for (int i = 1; i < rows.size(); i++) {
            least = rows.get(i).min() < rows.get(least).min() ? i : least;
            greatest = rows.get(i).max() > rows.get(greatest).max() ? i : greatest;
        }
        boolean[] kept = new boolean[rows.size()];
        kept[greatest] = true;
        kept[least] = true;
        kept[0] = false;
        kept[rows.size() - 1] = false;
        if (count(kept) > most) {
            double mean = rows.getFirst().mean();
            kept[rows.get(greatest).max() - mean < mean - rows.get(least).min() ? greatest : least] = false;
        }
        return kept;
    }

    private static int count(boolean[] kept) {
        int count = 0;
        for (boolean one : kept) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /** The last of some inner rows that is kept already; -1 if none is. */
    private static int lastKept(boolean[] kept, int from, int to) {
        int last = to - 1;
        while (last >= from && !kept[1 + last]) {
            last--;
        }
        return last < from ? -1 : last;
    }

    private static int largestTriangle(SeriesRow before, List<SeriesRow> rows, List<SeriesRow> following) {
        double nextT = following.stream().mapToDouble(SeriesRow::tMs).average().orElseThrow();
        double nextY = following.stream().mapToDouble(SeriesRow::mean).average().orElseThrow();
        int best = 0;
        double largest = -1;
        for (int i = 0; i < rows.size(); i++) {
            SeriesRow row = rows.get(i);
            double area = Math.abs((before.tMs() - nextT) * (farthest(row, before.mean()) - before.mean())
                    - (before.tMs() - row.tMs()) * (nextY - before.mean()));
            if (area > largest) {
                largest = area;
                best = i;
            }
        }
        return best;
    }

    /** Of the least value, the mean and the greatest the one that is farthest from another. The mean is between the others. */
    private static double farthest(SeriesRow row, double from) {
        return Math.abs(row.min() - from) > Math.abs(row.max() - from) ? row.min() : row.max();
    }

    private static List<SeriesRow> picked(List<SeriesRow> rows, boolean[] kept) {
        SeriesRow[] picked = new SeriesRow[rows.size()];
        int count = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (kept[i]) {
                picked[count++] = rows.get(i);
            }
        }
        return List.of(Arrays.copyOf(picked, count));
    }

    /** Spans of equal time over rows, as indexes. */
    private static final class Buckets {
        private final int[] starts;

        Buckets(List<SeriesRow> rows, int count) {
            starts = new int[count + 1];
            Arrays.fill(starts, -1);
            long fromMs = rows.getFirst().tMs();
            double lengthMs = Math.max(1, (rows.getLast().tMs() - fromMs + 1) / (double) count);
            for (int i = 0; i < rows.size(); i++) {
                int bucket = (int) Math.min(count - 1L, (long) ((rows.get(i).tMs() - fromMs) / lengthMs));
                if (starts[bucket] < 0) {
                    starts[bucket] = i;
                }
            }
            starts[count] = rows.size();
            for (int bucket = count - 1; bucket >= 0; bucket--) {
                starts[bucket] = starts[bucket] < 0 ? starts[bucket + 1] : starts[bucket];
            }
        }

        int count() {
            return starts.length - 1;
        }

        int from(int bucket) {
            return starts[bucket];
        }

        int to(int bucket) {
            return starts[bucket + 1];
        }

        /** The first bucket from this one on that has rows; {@link #count()} if there is none. */
        int next(int bucket) {
            int next = bucket;
            while (next < count() && from(next) == to(next)) {
                next++;
            }
            return next;
        }
    }
}
