package io.tailrace.systemtests.chaos.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.platform.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tailrace chaos jobs --seed N --minutes M --jobs N}. */
@Command(
        name = "jobs",
        description =
                "Kills and freezes what runs and decides on jobs for a while, and checks what became of each job.",
        mixinStandardHelpOptions = true)
public final class JobsMain implements Callable<Integer> {
    private static final int PER_MINUTE = 10_000;

    @Option(names = "--seed", description = "the seed of the schedule of faults; random by default")
    private long seed = ThreadLocalRandom.current().nextLong(1_000_000);

    @Option(names = "--minutes", description = "how long faults are injected; ${DEFAULT-VALUE}")
    private double minutes = 1;

    @Option(names = "--jobs", description = "the number of jobs; by default 10,000 per minute")
    private int jobs;

    @Option(names = "--json", description = "prints the result as JSON on the last line")
    private boolean json;

    /** Runs it; the exit code is 0 if nothing is wrong, 1 if something is, 2 if it was called wrongly. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        int many = jobs == 0 ? (int) Math.ceil(minutes * PER_MINUTE) : jobs;
        if (!(minutes >= 0.1) || minutes > 24 * 60 || many < 1) {
            System.err.println("chaos jobs: expected --minutes from 0.1 to 1440, --jobs above 0");
            return 2;
        }
        JobPlan plan = JobPlan.draw(seed, many, Math.round(minutes * 60_000));
        System.out.println(
                "seed " + seed + ", " + plan.jobs() + " jobs, " + plan.steps().size() + " faults");
        // What it starts was built before it.
        Map<String, String> environment = new HashMap<>(Map.of("TAILRACE_NO_BUILD", "1"));
        environment.putAll(JobChaosRun.SETTINGS);
        Launcher launcher = new Launcher(Files.createTempDirectory("tailrace-chaos"), environment);
        JobResult result =
                new JobChaosRun(plan, line -> System.err.println("chaos jobs: " + line)).run(launcher, environment);
        System.out.println(result.text());
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(result.json()));
        }
        return result.isClean() ? 0 : 1;
    }
}
