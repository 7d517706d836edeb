package io.tailrace.bench.inner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The inner parts of the edge by JMH: nanoseconds and bytes allocated for each, as ratios to their baselines. */
@Command(name = "inner", description = "Framing, cursors, index and fan-out without a network (JMH).")
public final class InnerBench implements Callable<Integer> {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Option(names = "--quick", description = "One short fork instead of three.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    /** What was measured of one benchmark, per operation. */
    private record Cost(double ns, double bytes) {}

    @Override
    public Integer call() throws RunnerException, JsonProcessingException {
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (RunResult result : run()) {
            String parameters = result.getParams().getParamsKeys().stream()
                    .map(key -> " " + key + "=" + result.getParams().getParam(key))
                    .reduce("", String::concat);
            String name = result.getParams().getBenchmark().replaceAll("^.*\\.(\\w+)Benchmark\\.", "$1.");
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            costs.put(
                    name + parameters,
                    new Cost(
                            result.getPrimaryResult().getScore(),
                            allocated == null ? Double.NaN : allocated.getScore()));
        }
        print(costs);
        if (json) {
            System.out.println(new ObjectMapper()
                    .writeValueAsString(
                            Map.of("benchmark", "inner", "settings", Map.of("quick", quick), "costs", costs)));
        }
        return 0;
    }

    private Collection<RunResult> run() throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("io\\.tailrace\\.bench\\.inner\\..*")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(quick ? 1 : 3)
                        .warmupIterations(quick ? 2 : 5)
                        .measurementIterations(quick ? 2 : 5)
                        .warmupTime(TimeValue.milliseconds(500))
                        .measurementTime(TimeValue.milliseconds(500))
                        .addProfiler(GCProfiler.class)
                        .jvmArgs(
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:+UseSerialGC",
                                "-XX:+UseCompactObjectHeaders",
                                "-Xmx256m")
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
    }

    private static void print(Map<String, Cost> costs) {
        System.out.printf(
                Locale.ROOT, "%-34s%12s%12s%12s%12s%9s%n", "", "ns", "baseline", "bytes", "baseline", "ns/ns");
        costs.forEach((name, cost) -> {
            if (name.contains(".tailrace")) {
                @Nullable Cost baseline = costs.get(name.replace(".tailrace", ".baseline"));
                if (baseline != null) {
                    System.out.printf(
                            Locale.ROOT,
                            "%-34s%12.1f%12.1f%12.1f%12.1f%9.3f%n",
                            name.replaceFirst("\\.tailrace", " "),
                            cost.ns(),
                            baseline.ns(),
                            cost.bytes(),
                            baseline.bytes(),
                            cost.ns() / baseline.ns());
                }
            }
        });
    }
}
