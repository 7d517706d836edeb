package io.tailrace.bench.jobs;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of loads that there was always more of: medians over the rounds. */
final class RateFigures {
    private RateFigures() {}

    /** Adds those of each arm, and of the first one to the second. */
    static void add(Map<String, List<Trial.Rate>> rates, Map<String, Double> figures) {
        rates.forEach((name, rounds) -> {
            figures.put("jobs/s, sustained, " + name, median(rounds, Trial.Rate::perSecond));
            figures.put("jobs per CPU s, sustained, " + name, median(rounds, Trial.Rate::perCpuSecond));
            for (String part : rounds.getFirst().cpuMsByPart().keySet()) {
                figures.put("CPU ms per job, " + name + ", " + part, median(rounds, rate -> rate.cpuMsByPart()
                        .getOrDefault(part, 0.0)));
            }
        });
        List<List<Trial.Rate>> arms = List.copyOf(rates.values());
        if (arms.size() == 2) {
            figures.put(
                    "jobs per CPU s, Tailrace / db-scheduler",
                    median(arms.get(0), Trial.Rate::perCpuSecond) / median(arms.get(1), Trial.Rate::perCpuSecond));
        }
    }

    private static double median(List<Trial.Rate> rounds, ToDoubleFunction<Trial.Rate> figure) {
        return median(rounds.stream().mapToDouble(figure).boxed().toList());
    }

    /** The middle one, or the mean of the two that are. */
    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
