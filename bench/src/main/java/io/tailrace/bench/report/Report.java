package io.tailrace.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a benchmark.
 *
 * @param benchmark its name
 * @param settings what was run
 * @param rows the cases
 * @param ratios named ratios between cases
 */
public record Report(String benchmark, Map<String, Object> settings, List<Row> rows, Map<String, Double> ratios) {
    /** The table for people. */
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%-40s %9s %9s %9s %9s %9s %9s%n",
                "case (ms)",
                "count",
                "p50",
                "p90",
                "p99",
                "p99.9",
                "max"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-40s %9d %9.2f %9.2f %9.2f %9.2f %9.2f%n",
                    row.name(),
                    row.count(),
                    row.p50Ms(),
                    row.p90Ms(),
                    row.p99Ms(),
                    row.p999Ms(),
                    row.maxMs()));
        }
        ratios.forEach((name, value) -> table.append(String.format(Locale.ROOT, "%-60s %.2f%n", name, value)));
        return table.toString();
    }

    /** One line of JSON. */
    public String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", benchmark);
        json.put("settings", settings);
        json.put("rows", rows.stream().map(Row::json).toList());
        Map<String, Double> rounded = new LinkedHashMap<>();
        ratios.forEach((name, value) -> rounded.put(name, Row.rounded(value)));
        json.put("ratios", rounded);
        try {
            return new ObjectMapper().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report that is not JSON", e);
        }
    }
}
