package io.tailrace.systemtests.chaos.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a run went.
 *
 * @param faults how often each kind of fault happened, and to what
 * @param numbers jobs, attempts, deliveries and the like
 * @param outcomes how often attempts ended in each way
 * @param refusals how often commands were refused, by reason
 * @param faultCount how much is wrong
 * @param wrong the first hundred of it in words
 * @param data the folder that was kept, or nothing
 */
public record JobResult(
        JobPlan plan,
        Map<String, Integer> faults,
        Map<String, Long> numbers,
        Map<String, Long> outcomes,
        Map<String, Long> refusals,
        long faultCount,
        List<String> wrong,
        String data) {
    /** Whether nothing is wrong. */
    public boolean isClean() {
        return faultCount == 0;
    }

    /** The text for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "%nseed %d, %.1f s, %d jobs%n", plan.seed(), plan.durationMs() / 1000.0, plan.jobs()));
        section(text, "faults", faults);
        section(text, "jobs", numbers);
        section(text, "outcomes of attempts", outcomes);
        section(text, "refused commands", refusals);
        text.append(isClean() ? "\nnothing is wrong\n" : String.format(Locale.ROOT, "%nWRONG: %d%n", faultCount));
        wrong.forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        if (!data.isEmpty()) {
            text.append(String.format(Locale.ROOT, "everything is kept in %s%n", data));
        }
        return text.toString();
    }

    private static void section(StringBuilder text, String title, Map<String, ? extends Number> lines) {
        text.append(String.format(Locale.ROOT, "%n%s%n", title));
        lines.forEach((name, count) ->
                text.append(String.format(Locale.ROOT, "  %-34s %8d%n", name.replace('_', ' '), count.longValue())));
    }

    /** The object that {@code --json} prints. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seed", plan.seed());
        json.put("duration_ms", plan.durationMs());
        json.put("ok", isClean());
        json.put("faults", faults);
        json.putAll(numbers);
        json.put("outcomes", outcomes);
        json.put("refusals", refusals);
        json.put("wrong_count", faultCount);
        json.put("wrong", wrong);
        json.put("data", data);
        return json;
    }
}
