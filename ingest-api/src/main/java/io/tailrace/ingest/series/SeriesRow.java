package io.tailrace.ingest.series;

/**
 * One window.
 *
 * @param tMs when it begins, in milliseconds since the epoch
 * @param lastAtUs the time of its latest reading, in microseconds since the epoch
 */
record SeriesRow(
        long tMs,
        long count,
        double sum,
        double min,
        double max,
        double mean,
        double first,
        double last,
        long lastAtUs,
        double p50,
        double p95,
        double p99) {
    /** A row that says that there is nothing from this time on, until the next row. */
    static SeriesRow gap(long tMs) {
        double none = Double.NaN;
        return new SeriesRow(tMs, 0, none, none, none, none, none, none, 0, none, none, none);
    }

    boolean isGap() {
        return count == 0;
    }
}
