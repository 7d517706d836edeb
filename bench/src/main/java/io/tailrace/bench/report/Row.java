package io.tailrace.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A case of a benchmark and its latencies.
 *
 * @param name the case
 * @param count samples
 * @param p50Ms median, milliseconds
 * @param p90Ms 90th percentile, milliseconds
 * @param p99Ms 99th percentile, milliseconds
 * @param p999Ms 99.9th percentile, milliseconds
 * @param maxMs largest, milliseconds
 */
public record Row(String name, long count, double p50Ms, double p90Ms, double p99Ms, double p999Ms, double maxMs) {
    private static final double NS_PER_MS = 1e6;

    /** The row of a histogram of nanoseconds. */
    public static Row of(String name, Histogram ns) {
        return new Row(
                name,
                ns.getTotalCount(),
                ns.getValueAtPercentile(50) / NS_PER_MS,
                ns.getValueAtPercentile(90) / NS_PER_MS,
                ns.getValueAtPercentile(99) / NS_PER_MS,
                ns.getValueAtPercentile(99.9) / NS_PER_MS,
                ns.getMaxValue() / NS_PER_MS);
    }

    /** The row as it stands in JSON; milliseconds with three decimals. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("case", name);
        json.put("count", count);
        json.put("p50_ms", rounded(p50Ms));
        json.put("p90_ms", rounded(p90Ms));
        json.put("p99_ms", rounded(p99Ms));
        json.put("p999_ms", rounded(p999Ms));
        json.put("max_ms", rounded(maxMs));
        return json;
    }

    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
