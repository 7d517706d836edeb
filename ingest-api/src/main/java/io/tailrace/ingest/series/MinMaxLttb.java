package io.tailrace.ingest.series;

import java.util.Arrays;
import java.util.List;

/**
 * Which points of a series to show where there is room for a few: MinMaxLTTB (Van Der Donckt, Van Der Donckt, Rademaker, Van Hoecke:
 * "MinMaxLTTB: Leveraging MinMax-Preselection to Scale LTTB", IEEE VIS 2023). First, of each of many buckets the points with the least
 * and the greatest value are kept. Then LTTB (Steinarsson: "Downsampling Time Series for Visual Representation", 2013) takes of each of
 * fewer buckets the one that makes the largest triangle with the point taken before and the mean of the next bucket. The first and the
 * last point are always kept.
 *
 * <p>Buckets are of equal time and not of equal numbers of points, so that where readings are dense does not take the room of the rest;
 * an empty one gives nothing. A point here is a window: its extremes are those of its readings, its value their mean. Pure.
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
     * @return at most {@code maxPoints} of them, in their order
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
        List<SeriesRow> inner = rows.subList(1, rows.size() - 1);
        Buckets spans = new Buckets(inner, maxPoints - 2);
        boolean[] kept = new boolean[rows.size()];
        kept[0] = true;
        kept[rows.size() - 1] = true;
        SeriesRow before = rows.getFirst();
        int bucket = spans.next(0);
        while (bucket < spans.count()) {
            int next = spans.next(bucket + 1);
            double nextT = rows.getLast().tMs();
            double nextY = rows.getLast().mean();
            if (next < spans.count()) {
                List<SeriesRow> following = inner.subList(spans.from(next), spans.to(next));
                nextT = following.stream().mapToDouble(SeriesRow::tMs).average().orElse(nextT);
                nextY = following.stream()
                        .mapToDouble(SeriesRow::mean)
                        .average()
                        .orElse(nextY);
            }
            int best = spans.from(bucket);
            double largest = -1;
            for (int i = spans.from(bucket); i < spans.to(bucket); i++) {
                SeriesRow row = inner.get(i);
                double area = Math.abs((before.tMs() - nextT) * (row.mean() - before.mean())
                        - (before.tMs() - row.tMs()) * (nextY - before.mean()));
                if (area > largest) {
                    largest = area;
                    best = i;
                }
            }
            kept[1 + best] = true;
            before = inner.get(best);
            bucket = next;
        }
        return picked(rows, kept);
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
