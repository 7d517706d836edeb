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

    /** Filling ends after that long; if fewer jobs wait then than were asked for, that is a fault of the run. */
    private static final long FILL_MS = 600_000;

    private static final int WARM_SECONDS = 20;
    private static final int SUSTAINED_ROUNDS = 5;
    private static final int SUSTAINED_SECONDS = 10;

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

    @Option(names = "--rounds", description = "How many rounds; 3, and 5 of sustained, unless --quick.")
    private int rounds;

    @Option(names = "--waiting", description = "Jobs that wait for their time; 1,000,000 unless --quick.")
    private int waiting;

    @Option(names = "--copies", description = "With projections, which copy all events to PostgreSQL.")
    private boolean copies;

    @Option(names = "--seed", description = "Of the pauses between jobs; default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private final Map<String, List<Histogram>> latencies = new LinkedHashMap<>();
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
        latencies.forEach((name, rounds) -> {
            Histogram all = new Histogram(3);
            rounds.forEach(all::add);
            rows.add(Row.of(name, all));
        });
        RateFigures.addScatter(latencies, figures);
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
            warmUp(both);
            for (Point point : List.of(Point.IDLE, Point.PACED, Point.SUSTAINED)) {
                int times = point == Point.SUSTAINED && rounds == 0 && !quick ? SUSTAINED_ROUNDS : many;
                for (int round = 1; points.contains(point) && round <= times; round++) {
                    inTurns(both, round, point);
                }
            }
            waiting(both, many, backlog);
            if (points.contains(Point.RECOVERY)) {
                rival.arm().pause();
                recover(tailrace, arm);
                rival.arm().resume();
            }
            for (Trial trial : both) {
                faults.addAll(trial.faults());
            }
        }
    }

    /** Not counted: class loading and compilation are not what is measured. */
    private void warmUp(List<Trial> both) throws Exception {
        for (Trial trial : both) {
            trial.awaitReady(START_MS);
        }
        for (Trial trial : both) {
            say("warming up: %s", trial.arm().name());
            alone(both, trial, () -> {
                trial.paced(PER_SECOND, (quick ? 2 : 5) * PER_SECOND, new Histogram(3), START_MS);
                if (points.contains(Point.SUSTAINED)) {
                    say("  %s", trial.sustained(3, quick ? 5 : WARM_SECONDS, START_MS));
                }
            });
        }
    }

    /** What one arm does while the other one does nothing. */
    private interface Step {
        void run() throws Exception;
    }

    private static void alone(List<Trial> both, Trial trial, Step step) throws Exception {
        for (Trial other : both) {
            if (other != trial) {
                other.arm().pause();
            }
        }
        try {
            trial.arm().settle();
            step.run();
        } finally {
            for (Trial other : both) {
                other.arm().resume();
            }
        }
    }

    /** A round of each, the one that was second before first. */
    private void inTurns(List<Trial> both, int round, Point point) throws Exception {
        for (Trial trial : round % 2 == 1 ? both : both.reversed()) {
            String name = trial.arm().name();
            say("%s, round %d: %s", point.toString().toLowerCase(Locale.ROOT), round, name);
            alone(both, trial, () -> {
                switch (point) {
                    case IDLE -> trial.idle(quick ? 50 : 200, latencies("idle, " + name), START_MS);
                    case PACED ->
                        trial.paced(
                                PER_SECOND,
                                (quick ? 3 : 15) * PER_SECOND,
                                latencies(PER_SECOND + "/s, " + name),
                                START_MS);
                    case SUSTAINED -> {
                        Trial.Rate rate = trial.sustained(3, quick ? 5 : SUSTAINED_SECONDS, START_MS);
                        say("  %s", rate);
                        rates.computeIfAbsent(name, key -> new ArrayList<>()).add(rate);
                    }
                    case LATE -> {
                        int count = LATE_PER_SECOND * (quick ? 5 : 10);
                        trial.late(LATE_PER_SECOND, count, 2_000, latencies("late, " + name), START_MS);
                    }
                    case RECOVERY -> throw new IllegalArgumentException("recovery has no rounds");
                }
            });
        }
    }

    private void waiting(List<Trial> both, int many, int backlog) throws Exception {
        if (!points.contains(Point.LATE) && !points.contains(Point.RECOVERY)) {
            return;
        }
        for (Trial trial : points.contains(Point.LATE) ? both : both.subList(0, 1)) {
            String name = trial.arm().name();
            long startedNs = System.nanoTime();
            alone(both, trial, () -> {
                int filled = trial.fill(backlog, FILL_MS, START_MS);
                figures.put("jobs that wait, " + name, (double) filled);
                say("%s: %,d jobs wait", name, filled);
                if (filled < backlog) {
                    faults.add(String.format(
                            Locale.ROOT, "%s: only %,d of %,d jobs were enqueued in time", name, filled, backlog));
                }
            });
            double seconds = (System.nanoTime() - startedNs) / 1e9;
            figures.put("seconds until they do, " + name, seconds);
        }
        for (int round = 1; points.contains(Point.LATE) && round <= many; round++) {
            inTurns(both, round, Point.LATE);
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
        RateFigures.spread("seconds from SIGKILL to a job's start", seconds, figures);
    }

    /** Those of one more round. */
    private Histogram latencies(String name) {
        Histogram round = new Histogram(3);
        latencies.computeIfAbsent(name, key -> new ArrayList<>()).add(round);
        return round;
    }

    private static void say(String what, Object... arguments) {
        System.err.printf(Locale.ROOT, what + "%n", arguments);
    }
}
