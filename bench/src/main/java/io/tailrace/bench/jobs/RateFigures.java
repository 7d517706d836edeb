package io.tailrace.bench.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The figures of several rounds: the median of each, and from where to where it was. */
final class RateFigures {
    private static final double NS_PER_MS = 1e6;

    private RateFigures() {}

    /** Adds the figures of loads that there was always more of: those of each arm, and of the first one to the second, round by round. */
    static void add(Map<String, List<Trial.Rate>> rates, Map<String, Double> figures) {
        rates.forEach((name, rounds) -> {
            spread("jobs/s, " + name, values(rounds, Trial.Rate::perSecond), figures);
            spread("jobs per CPU s, " + name, values(rounds, Trial.Rate::perCpuSecond), figures);
            for (String part : rounds.getFirst().cpuMsByPart().keySet()) {
                figures.put("CPU ms per job, " + name + ", " + part, median(values(rounds, rate -> rate.cpuMsByPart()
                        .getOrDefault(part, 0.0))));
            }
        });
        List<List<Trial.Rate>> arms = List.copyOf(rates.values());
        if (arms.size() == 2) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < arms.getFirst().size(); round++) {
                ratios.add(arms.get(0).get(round).perCpuSecond()
                        / arms.get(1).get(round).perCpuSecond());
            }
            spread("jobs per CPU s, Tailrace / db-scheduler", ratios, figures);
        }
    }

    /** Adds from where to where the percentiles of each round were, in milliseconds. */
    static void addScatter(Map<String, List<Histogram>> latencies, Map<String, Double> figures) {
        latencies.forEach((name, rounds) -> {
            for (double percentile : new double[] {50, 99}) {
                List<Double> each = rounds.stream()
                        .map(round -> round.getValueAtPercentile(percentile) / NS_PER_MS)
                        .toList();
                String what = "p" + (int) percentile + " ms of a round, " + name;
                figures.put(what + ", lowest", least(each));
                figures.put(what + ", highest", greatest(each));
            }
        });
    }

    /** Adds the median of a figure, the lowest and the highest. */
    static void spread(String what, List<Double> values, Map<String, Double> figures) {
        figures.put(what + ", median", median(values));
        figures.put(what + ", lowest", least(values));
        figures.put(what + ", highest", greatest(values));
    }

    private static double least(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }

    private static double greatest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    private static List<Double> values(List<Trial.Rate> rounds, ToDoubleFunction<Trial.Rate> figure) {
        return rounds.stream().mapToDouble(figure).boxed().toList();
    }

    /** The middle one, or the mean of the two that are. */
    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
