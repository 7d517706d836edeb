package io.tailrace.systemtests.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.chaos.jobs.JobsMain;
import io.tailrace.systemtests.chaos.schedule.Scale;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import io.tailrace.systemtests.platform.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tailrace chaos --seed N --minutes M}. */
@Command(
        name = "chaos",
        description = "Injects faults for some minutes, and checks what every client received.",
        mixinStandardHelpOptions = true,
        subcommands = JobsMain.class)
public final class Main implements Callable<Integer> {
    private static final long END_LIMIT_S = 90;

    @Option(names = "--seed", description = "the seed of the schedule of faults; random by default")
    private long seed = ThreadLocalRandom.current().nextLong(1_000_000);

    @Option(names = "--minutes", description = "how long faults are injected; ${DEFAULT-VALUE}")
    private double minutes = 1;

    @Option(names = "--clients", description = "the number of streams; ${DEFAULT-VALUE}")
    private int clients = Scale.DEFAULT.clients();

    @Option(names = "--rate", description = "events per second on each channel; ${DEFAULT-VALUE}")
    private int perSecond = Scale.DEFAULT.perSecond();

    @Option(names = "--json", description = "prints the result as JSON on the last line")
    private boolean json;

    @Option(names = "--schedule", description = "only prints the schedule of faults")
    private boolean scheduleOnly;

    private Main() {}

    /** Runs it; the exit code is 0 if nothing is wrong, 1 if something is, 2 if it was called wrongly. */
    public static void main(String[] args) {
        // Libraries write numbers in the digits of the default locale.
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(minutes > 0) || minutes > 24 * 60 || clients < 10 || clients > 5_000 || perSecond < 1) {
            System.err.println("chaos: expected --minutes above 0, --clients from 10 to 5000, --rate above 0");
            return 2;
        }
        Scale scale = new Scale(clients, Scale.DEFAULT.followers(), Scale.DEFAULT.channels(), perSecond);
        Schedule schedule = Schedule.draw(seed, Math.round(minutes * 60_000), scale);
        System.out.println("seed " + seed + ", " + schedule.steps().size() + " steps");
        schedule.lines().forEach(System.out::println);
        if (scheduleOnly) {
            return 0;
        }
        // What it starts was built before it.
        Map<String, String> environment = new HashMap<>(Map.of("TAILRACE_NO_BUILD", "1"));
        environment.putAll(Surroundings.EDGE);
        Launcher launcher = new Launcher(Files.createTempDirectory("tailrace-chaos"), environment);
        Result result =
                interruptible(new ChaosRun(schedule, scale, line -> System.err.println("chaos: " + line)), launcher);
        System.out.println(result.text());
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(result.json()));
        }
        if (result.isClean()) {
            delete(launcher.data());
        }
        return result.isClean() ? 0 : 1;
    }

    /** Ctrl-C ends the run in the way in which a failure does: by its own thread, which stops what it has started. */
    private static Result interruptible(ChaosRun run, Launcher launcher) throws IOException, InterruptedException {
        Thread runner = Thread.currentThread();
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    runner.interrupt();
                    try {
                        if (!over.await(END_LIMIT_S, TimeUnit.SECONDS)) {
                            System.err.println("chaos: what ran in " + launcher.data() + " may still run");
                        }
                    } catch (InterruptedException e) {
                        // Nothing more can be done.
                    }
                },
                "chaos-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run.run(launcher);
        } catch (IOException | InterruptedException | RuntimeException e) {
            System.err.println("chaos: everything is kept in " + launcher.data());
            throw e;
        } finally {
            over.countDown();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
