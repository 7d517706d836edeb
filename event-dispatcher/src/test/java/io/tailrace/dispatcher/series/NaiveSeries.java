package io.tailrace.dispatcher.series;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What windows have, by keeping every reading that counts and grouping them anew. */
final class NaiveSeries {
    /** A window in the words of the model. */
    record Row(long count, double sum, double min, double max, double first, double last, double median) {
        static Row of(Window window) {
            return new Row(
                    window.count(),
                    window.sum(),
                    window.min(),
                    window.max(),
                    window.first(),
                    window.last(),
                    window.quantile(0.5));
        }
    }

    private final Resolutions resolutions;
    private final long graceMs;
    private final long aheadMs;
    private final List<SeriesReading> counted = new ArrayList<>();
    private long clockMs;
    int late;
    int ahead;

    NaiveSeries(Resolutions resolutions, long graceMs, long aheadMs) {
        this.resolutions = resolutions;
        this.graceMs = graceMs;
        this.aheadMs = aheadMs;
    }

    void add(SeriesReading reading, long recordMs) {
        clockMs = Math.max(clockMs, recordMs);
        long atMs = Math.floorDiv(reading.atUs(), 1000L);
        long length = resolutions.finest().lengthMs();
        if (atMs - Math.floorMod(atMs, length) + length + graceMs <= clockMs) {
            late++;
        } else if (atMs > clockMs + aheadMs) {
            ahead++;
        } else {
            counted.add(reading);
        }
    }

    Map<WindowKey, Row> rows() {
        Map<WindowKey, List<SeriesReading>> groups = new TreeMap<>();
        for (Resolution resolution : resolutions.all()) {
            for (SeriesReading reading : counted) {
                long atMs = Math.floorDiv(reading.atUs(), 1000L);
                long start = atMs - Math.floorMod(atMs, resolution.lengthMs());
                groups.computeIfAbsent(
                                new WindowKey(resolution.lengthMs(), start, reading.metric()), _ -> new ArrayList<>())
                        .add(reading);
            }
        }
        Map<WindowKey, Row> rows = new TreeMap<>();
        groups.forEach((key, readings) -> rows.put(key, row(readings)));
        return rows;
    }

    private static Row row(List<SeriesReading> readings) {
        double[] sorted =
                readings.stream().mapToDouble(SeriesReading::value).sorted().toArray();
        // Stable, so what is equal stays in the order of the log.
        List<SeriesReading> inTime = readings.stream()
                .sorted(Comparator.comparingLong(SeriesReading::atUs))
                .toList();
        return new Row(
                readings.size(),
                readings.stream().mapToDouble(SeriesReading::value).sum(),
                sorted[0],
                sorted[sorted.length - 1],
                inTime.getFirst().value(),
                inTime.getLast().value(),
                sorted[(sorted.length - 1) / 2]);
    }
}
