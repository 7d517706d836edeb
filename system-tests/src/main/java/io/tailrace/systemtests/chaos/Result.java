package io.tailrace.systemtests.chaos;

import io.tailrace.systemtests.chaos.check.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a run went.
 *
 * @param seed its seed
 * @param durationMs how long its schedule is
 * @param clients streams
 * @param faults how often each kind of fault happened
 * @param numbers published, received and the like
 * @param findings how often each kind of finding was made
 * @param lines what is wrong, in words
 * @param data the folder that was kept, or nothing
 */
public record Result(
        long seed,
        long durationMs,
        int clients,
        Map<String, Integer> faults,
        Map<String, Long> numbers,
        Map<Finding, Long> findings,
        List<String> lines,
        String data) {
    /** Whether nothing is wrong. */
    public boolean isClean() {
        return lines.isEmpty();
    }

    /** The text for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%nseed %d, %.1f s, %d clients%n", seed, durationMs / 1000.0, clients));
        text.append(String.format(Locale.ROOT, "%nfaults%n"));
        faults.forEach((kind, count) -> text.append(String.format(Locale.ROOT, "  %-22s %8d%n", kind, count)));
        text.append(String.format(Locale.ROOT, "%nevents%n"));
        numbers.forEach((name, count) -> text.append(String.format(Locale.ROOT, "  %-22s %8d%n", words(name), count)));
        text.append(String.format(Locale.ROOT, "%nfindings%n"));
        findings.forEach(
                (kind, count) -> text.append(String.format(Locale.ROOT, "  %-22s %8d%n", words(kind.name()), count)));
        text.append(String.format(Locale.ROOT, isClean() ? "%nnothing is wrong%n" : "%nWRONG:%n"));
        lines.forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        if (!data.isEmpty()) {
            text.append(String.format(Locale.ROOT, "everything is kept in %s%n", data));
        }
        return text.toString();
    }

    /** The object that {@code --json} prints. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seed", seed);
        json.put("duration_ms", durationMs);
        json.put("clients", clients);
        json.put("ok", isClean());
        json.put("faults", faults);
        json.putAll(numbers);
        findings.forEach((kind, count) -> json.put(kind.name().toLowerCase(java.util.Locale.ROOT), count));
        json.put("wrong", lines);
        json.put("data", data);
        return json;
    }

    private static String words(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
