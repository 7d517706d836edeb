package io.tailrace.bench.edge.point;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one run of a point has shown: figures by name, in the order in which they are reported. */
public final class Sample {
    /** What must be zero: messages that were lost, came twice, out of order, or to the wrong stream. */
    public static final String WRONG = "wrong";

    private static final double NS_PER_MS = 1e6;

    private final Map<String, Double> figures = new LinkedHashMap<>();

    /** Adds a figure. */
    public Sample with(String name, double value) {
        figures.put(name, value);
        return this;
    }

    /** Adds the percentiles of a histogram of nanoseconds. */
    public Sample withLatency(Histogram ns) {
        return with("p50_ms", ns.getValueAtPercentile(50) / NS_PER_MS)
                .with("p99_ms", ns.getValueAtPercentile(99) / NS_PER_MS)
                .with("p999_ms", ns.getValueAtPercentile(99.9) / NS_PER_MS)
                .with("max_ms", ns.getMaxValue() / NS_PER_MS);
    }

    /** The figures. */
    public Map<String, Double> figures() {
        return figures;
    }
}
