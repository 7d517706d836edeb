package io.tailrace.bench.jobs;

import io.tailrace.bench.jobs.arm.SchedulerArm;
import io.tailrace.bench.jobs.arm.TailraceArm;
import io.tailrace.bench.jobs.board.StartBoard;
import io.tailrace.bench.report.Report;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.Stand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Empty jobs on Tailrace and on db-scheduler, in turns: from the moment when they should start until they do, how many in a second,
 * and what one costs. The exit code is 1 if a job was lost, or done twice.
 */
@Command(name = "jobs", description = "Empty jobs: latency, rate and cost, with many waiting, beside db-scheduler.")
public final class JobsBench implements Callable<Integer> {
    private static final String ALONE = "search,telemetry,redis,ingest-api,sse-edge,projections,workers";
    private static final String WITH_COPIES = "search,telemetry,ingest-api,sse-edge,workers";
    private static final int BOARD_JOBS = 16_000_000;
    private static final int PER_SECOND = 500;
    private static final int LATE_PER_SECOND = 100;
    private static final int RECOVERIES = 3;
    private static final long START_MS = 60_000;
    private static final long FILL_MS = 900_000;

    /** What can be measured. */
    enum Point {
        IDLE,
        PACED,
        SUSTAINED,
        LATE,
        RECOVERY
    }

    @Option(names = "--quick", description = "One short round instead of three, and 100,000 jobs that wait.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    @Option(
            names = "--point",
            paramLabel = "NAME",
            description = "Only this; can be repeated: ${COMPLETION-CANDIDATES}.")
    private Set<Point> points = EnumSet.allOf(Point.class);

    @Option(names = "--rounds", description = "How many rounds; 3 unless --quick.")
    private int rounds;

    @Option(names = "--waiting", description = "Jobs that wait for their time; 1,000,000 unless --quick.")
    private int waiting;

    @Option(names = "--copies", description = "With projections, which copy all events to PostgreSQL.")
    private boolean copies;

    @Option(names = "--seed", description = "Of the pauses between jobs; default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private final Map<String, Histogram> latencies = new LinkedHashMap<>();
    private final Map<String, List<Trial.Rate>> rates = new LinkedHashMap<>();
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        int many = rounds > 0 ? rounds : quick ? 1 : 3;
        int backlog = waiting > 0 ? waiting : quick ? 100_000 : 1_000_000;
        try (Stand stand = Stand.up(copies ? WITH_COPIES : ALONE)) {
            measure(stand, many, backlog);
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("rounds", many);
        settings.put("waiting", backlog);
        settings.put("copies", copies);
        settings.put("seed", seed);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        List<Row> rows = new ArrayList<>();
        latencies.forEach((name, histogram) -> rows.add(Row.of(name, histogram)));
        RateFigures.add(rates, figures);
        figures.put("faults", (double) faults.size());
        Report report = new Report("jobs", settings, rows, figures);
        System.out.print(report.table());
        faults.forEach(System.out::println);
        if (json) {
            System.out.println(report.json());
        }
        return faults.isEmpty() ? 0 : 1;
    }

    private void measure(Stand stand, int many, int backlog) throws Exception {
        Path ours = stand.data().resolve("bench-tailrace.board");
        Path theirs = stand.data().resolve("bench-rival.board");
        StartBoard board = StartBoard.create(ours, BOARD_JOBS);
        StartBoard other = StartBoard.create(theirs, BOARD_JOBS);
        TailraceArm arm = new TailraceArm(stand, ours);
        try (Trial tailrace = new Trial(arm, board, seed);
                Trial rival = new Trial(new SchedulerArm(stand, theirs), other, seed)) {
            List<Trial> both = List.of(tailrace, rival);
            for (Trial trial : both) {
                warmUp(trial);
            }
            for (int round = 1; round <= many; round++) {
                for (Trial trial : both) {
                    say("round %d: %s", round, trial.arm().name());
                    round(trial);
                }
            }
            if (points.contains(Point.LATE) || points.contains(Point.RECOVERY)) {
                for (Trial trial : points.contains(Point.LATE) ? both : List.of(tailrace)) {
                    waiting(trial, many, backlog);
                }
            }
            if (points.contains(Point.RECOVERY)) {
                recover(tailrace, arm);
            }
            for (Trial trial : both) {
                faults.addAll(trial.faults());
            }
        }
    }

    /** Not counted: class loading and compilation are not what is measured. */
    private void warmUp(Trial trial) throws Exception {
        say("warming up: %s", trial.arm().name());
        trial.awaitReady(START_MS);
        trial.paced(PER_SECOND, (quick ? 2 : 5) * PER_SECOND, new Histogram(3), START_MS);
        var unused = trial.sustained(0, quick ? 5 : 10, START_MS);
    }

    private void round(Trial trial) throws Exception {
        String name = trial.arm().name();
        if (points.contains(Point.IDLE)) {
            trial.idle(quick ? 50 : 200, latencies("idle, " + name), START_MS);
        }
        if (points.contains(Point.PACED)) {
            trial.paced(PER_SECOND, (quick ? 3 : 15) * PER_SECOND, latencies(PER_SECOND + "/s, " + name), START_MS);
        }
        if (points.contains(Point.SUSTAINED)) {
            Trial.Rate rate = trial.sustained(3, quick ? 5 : 15, START_MS);
            say("  %.0f jobs/s, %.0f per CPU s", rate.perSecond(), rate.perCpuSecond());
            rates.computeIfAbsent(name, key -> new ArrayList<>()).add(rate);
        }
    }

    private void waiting(Trial trial, int many, int backlog) throws Exception {
        String name = trial.arm().name();
        long startedNs = System.nanoTime();
        trial.fill(backlog, FILL_MS);
        double seconds = (System.nanoTime() - startedNs) / 1e9;
        say("%s: %,d jobs wait after %.0f s", name, backlog, seconds);
        figures.put("seconds until as many jobs wait, " + name, seconds);
        if (points.contains(Point.LATE)) {
            for (int round = 0; round < many; round++) {
                int count = LATE_PER_SECOND * (quick ? 5 : 15);
                trial.late(LATE_PER_SECOND, count, 2_000, latencies("late with many waiting, " + name), START_MS);
            }
        }
    }

    private void recover(Trial trial, TailraceArm arm) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < RECOVERIES; i++) {
            long killedNs = System.nanoTime();
            arm.killDispatcher();
            seconds.add(trial.secondsToStart(killedNs, 10 * START_MS));
            say("the dispatcher is back after %.1f s", seconds.getLast());
        }
        figures.put("seconds from SIGKILL to a job's start with many waiting, median", RateFigures.median(seconds));
        figures.put(
                "seconds from SIGKILL to a job's start with many waiting, longest",
                seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }

    private Histogram latencies(String name) {
        return latencies.computeIfAbsent(name, key -> new Histogram(3));
    }

    private static void say(String what, Object... arguments) {
        System.err.printf(Locale.ROOT, what + "%n", arguments);
    }
}
