package io.tailrace.systemtests.fuzz;

import io.tailrace.systemtests.fuzz.check.Vitals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a run went.
 *
 * @param seed its seed
 * @param requests how many cases were sent
 * @param seconds how long it took
 * @param statuses how often each status was answered
 * @param canary how many events came to who behaved
 * @param before the process after its first requests
 * @param after and at the end
 * @param counts how many findings of each kind
 * @param lines the findings in words
 */
public record FuzzResult(
        long seed,
        long requests,
        double seconds,
        Map<Integer, Integer> statuses,
        int canary,
        Vitals before,
        Vitals after,
        Map<String, Integer> counts,
        List<String> lines) {
    private static final double MIB = 1 << 20;

    /** Whether nothing is wrong. */
    public boolean isClean() {
        return counts.isEmpty();
    }

    /** For people. */
    public String text() {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT, "seed %d: %d requests in %.0f s, %.0f/s%n", seed, requests, seconds, requests / seconds));
        out.append("answered: ").append(statuses).append('\n');
        out.append("delivered to who behaved meanwhile: ").append(canary).append(" events\n");
        out.append("          heap MiB  resident MiB  direct MiB  threads  files  connections  streams  series\n");
        row(out, "before", before);
        row(out, "after", after);
        counts.forEach((kind, count) ->
                out.append("WRONG ").append(count).append(" x ").append(kind).append('\n'));
        lines.forEach(line -> out.append("  ").append(line).append('\n'));
        return out.append(isClean() ? "nothing is wrong" : "something is wrong").toString();
    }

    private static void row(StringBuilder out, String name, Vitals vitals) {
        out.append(String.format(
                Locale.ROOT,
                "%-8s %9.1f %13.1f %11.1f %8d %6d %12d %8d %7d%n",
                name,
                vitals.heapBytes() / MIB,
                vitals.residentBytes() / MIB,
                vitals.directBytes() / MIB,
                vitals.threads(),
                vitals.files(),
                vitals.connections(),
                vitals.streams(),
                vitals.series()));
    }

    /** For programs. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seed", seed);
        json.put("requests", requests);
        json.put("seconds", seconds);
        json.put("statuses", statuses);
        json.put("delivered", canary);
        json.put("before", before);
        json.put("after", after);
        json.put("findings", counts);
        json.put("lines", lines);
        return json;
    }
}
