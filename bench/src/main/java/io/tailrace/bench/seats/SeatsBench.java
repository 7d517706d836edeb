package io.tailrace.bench.seats;

import io.tailrace.bench.report.Report;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.seats.http.HttpPool;
import io.tailrace.bench.seats.http.Requests;
import io.tailrace.bench.seats.rush.Load;
import io.tailrace.bench.stand.Stand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Buyers who fight over seats by HTTP: Tailrace, and in turns with it locked rows in PostgreSQL, and a lock in Redis before
 * a row. With {@code --faults} only Tailrace, whose dispatcher or broker is killed in the middle of each rush. After each
 * rush of Tailrace the books are checked; the exit code is 1 if they are wrong.
 */
@Command(
        name = "seats",
        description = "A rush on seats over HTTP, and the check of the books, beside two alternatives.")
public final class SeatsBench implements Callable<Integer> {
    private static final String WITHOUT = "search,telemetry";
    private static final int BUYERS = 5_000;
    private static final int[] RATES = {300, 1_500};
    private static final int LARGE_ROWS = 200;
    private static final int LARGE_SEATS_PER_ROW = 500;
    private static final int FAULT_OVER_MS = 4_000;
    private static final Contest.Incident NOTHING = () -> {};

    @Option(names = "--quick", description = "One short round instead of three.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    @Option(names = "--seed", description = "Of everything that is random; default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--faults",
            paramLabel = "dispatcher=N,broker=N",
            description = "Only rushes in which that part is killed (SIGKILL) at a random moment.")
    private String faults = "";

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "With --faults: shows that are fought for at the same time, with one kill for all of them.")
    private int atOnce = 1;

    @Option(
            names = "--rushes",
            paramLabel = "N",
            description =
                    "Only the rush of 5,000 buyers, N times for each of the three: the cost of a decision without the"
                            + " loads.")
    private int rushes;

    private final Map<String, Histogram> latencies = new LinkedHashMap<>();
    private final Map<String, List<Double>> maxima = new LinkedHashMap<>();
    private final Map<String, Contest> contests = new LinkedHashMap<>();
    private final Map<String, Long> undecided = new LinkedHashMap<>();
    private @Nullable Neighbours neighbours;

    @Override
    public Integer call() throws Exception {
        List<String> kills = faults.isEmpty() ? List.of() : FaultOption.parse(faults);
        try (Stand stand = Stand.up(WITHOUT)) {
            Hall hall = new Hall(stand, BUYERS);
            Arm tailrace = new Arm("Tailrace", stand.origin(), new Requests(""), Arm.tailrace(stand));
            return faults.isEmpty() ? compare(stand, hall, tailrace) : killed(stand, hall, tailrace, kills);
        }
    }

    private int killed(Stand stand, Hall hall, Arm tailrace, List<String> kills) throws Exception {
        Random random = new Random(seed);
        int wrong = 0;
        int first = 0;
        while (first < kills.size()) {
            String part = kills.get(first);
            int many = (int) kills.subList(first, Math.min(kills.size(), first + Math.max(1, atOnce))).stream()
                    .filter(part::equals)
                    .count();
            int afterMs = 200 + random.nextInt(FAULT_OVER_MS);
            System.err.printf(
                    Locale.ROOT,
                    "rush %d to %d of %d: %s is killed after %d ms%n",
                    first + 1,
                    first + many,
                    kills.size(),
                    part,
                    afterMs);
            wrong += killed(stand, hall, tailrace, part, afterMs, first, many);
            first += many;
        }
        Report report = new Report(
                "seats-faults",
                Map.of("faults", faults, "at once", atOnce, "seed", seed),
                List.of(),
                Map.of("rushes", (double) kills.size(), "rushes with wrong books", (double) wrong));
        print(report);
        return wrong == 0 ? 0 : 1;
    }

    /** Rushes on as many shows at the same time, and one kill in the middle of all of them. */
    private int killed(Stand stand, Hall hall, Arm tailrace, String part, int afterMs, int first, int many)
            throws Exception {
        List<Contest> contests = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            for (int i = 0; i < many; i++) {
                Contest contest = new Contest(hall);
                long rushSeed = seed + first + i;
                Contest.Incident incident = i > 0
                        ? NOTHING
                        : () -> {
                            TimeUnit.MILLISECONDS.sleep(afterMs);
                            ProcessHandle.of(stand.pid(part)).ifPresent(ProcessHandle::destroyForcibly);
                        };
                contests.add(contest);
                running.add(threads.submit(() -> {
                    contest.run(tailrace, quick ? 1_500 : BUYERS, FAULT_OVER_MS, rushSeed, incident);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                Object ignored = one.get();
            }
        }
        return (int) contests.stream().filter(contest -> contest.faults() > 0).count();
    }

    private int compare(Stand stand, Hall hall, Arm tailrace) throws Exception {
        int rounds = quick ? 1 : 3;
        try (RivalProcess rival = new RivalProcess(stand)) {
            List<Arm> arms = List.of(
                    tailrace,
                    new Arm(
                            "SELECT FOR UPDATE",
                            rival.origin(),
                            new Requests("/postgres"),
                            Arm.rival(stand, rival.pid(), "postgres")),
                    new Arm(
                            "Redis lock and row",
                            rival.origin(),
                            new Requests("/redis"),
                            Arm.rival(stand, rival.pid(), "postgres", "redis")));
            if (rushes > 0) {
                return rushes(hall, arms);
            }
            for (Arm arm : arms) {
                // Not counted: class loading and compilation are not what is measured.
                System.err.println("warming up: " + arm.name());
                new Contest(hall).run(arm, quick ? 1_500 : BUYERS, 0, seed - 1, NOTHING);
                load(arm, hall, quick ? 3 : 10, false);
                contests.put(arm.name(), new Contest(hall));
            }
            Neighbours beside = new Neighbours(hall, tailrace, arms.get(1), seed);
            beside.round(quick ? 2 : 5, false);
            for (int round = 0; round < rounds; round++) {
                for (Arm arm : arms) {
                    System.err.println("round " + (round + 1) + ": " + arm.name());
                    contest(arm).run(arm, BUYERS, 0, seed + round, NOTHING);
                    load(arm, hall, quick ? 5 : 15, true);
                }
                beside.round(quick ? 5 : 15, true);
            }
            neighbours = beside;
        }
        print(report(rounds));
        return contests.values().stream().mapToInt(Contest::faults).sum() == 0 ? 0 : 1;
    }

    /** The first half of the rounds lets all of them become warm, and is not counted. */
    private int rushes(Hall hall, List<Arm> arms) throws Exception {
        for (int round = 0; round < 2 * rushes; round++) {
            boolean counted = round >= rushes;
            for (Arm arm : arms) {
                Contest contest = new Contest(hall);
                contest.run(arm, BUYERS, 0, seed + round, NOTHING);
                System.err.printf(
                        Locale.ROOT,
                        "round %d%s: %s, CPU ms per decision: %s%n",
                        round + 1,
                        counted ? "" : " (not counted)",
                        arm.name(),
                        contest.cpuMsByPart().entrySet().stream()
                                .map(part -> String.format(Locale.ROOT, "%s %.3f", part.getKey(), part.getValue()))
                                .collect(Collectors.joining(", ")));
                if (counted) {
                    contests.merge(arm.name(), contest, Contest::plus);
                }
            }
        }
        print(new Report("seats-rushes", Map.of("rounds", rushes, "buyers", BUYERS, "seed", seed), List.of(), costs()));
        return contests.values().stream().mapToInt(Contest::faults).sum() == 0 ? 0 : 1;
    }

    private void load(Arm arm, Hall hall, int seconds, boolean counted) throws Exception {
        try (HttpPool pool = new HttpPool(arm.origin(), Contest.CONNECTIONS)) {
            var show = hall.show(arm, pool, LARGE_ROWS, LARGE_SEATS_PER_ROW);
            for (int rate : RATES) {
                Load load = new Load(
                        arm.requests(), pool, show, LARGE_ROWS, LARGE_SEATS_PER_ROW, hall.buyers(), seed + rate);
                load.paced(rate, rate * seconds);
                if (counted) {
                    note(arm.name() + ", " + rate + "/s", load);
                }
            }
            Load load = new Load(arm.requests(), pool, show, LARGE_ROWS, LARGE_SEATS_PER_ROW, hall.buyers(), seed);
            double perSecond = load.closed(Contest.CONNECTIONS, seconds);
            if (counted) {
                note(arm.name() + ", " + Contest.CONNECTIONS + " clients", load);
                maxima.computeIfAbsent(arm.name(), name -> new ArrayList<>()).add(perSecond);
            }
        }
    }

    private void note(String name, Load load) {
        latencies.computeIfAbsent(name, key -> new Histogram(3)).add(load.latencies());
        undecided.merge(name, load.failed(), Long::sum);
        System.err.printf(
                Locale.ROOT,
                "  %s: p50 %.1f ms, p99 %.1f ms, %d without a decision%n",
                name,
                Row.of("", load.latencies()).p50Ms(),
                Row.of("", load.latencies()).p99Ms(),
                load.failed());
    }

    private Contest contest(Arm arm) {
        return contests.computeIfAbsent(arm.name(), name -> {
            throw new IllegalStateException(name + " is not warm");
        });
    }

    private Report report(int rounds) {
        List<Row> rows = new ArrayList<>();
        latencies.forEach((name, histogram) -> rows.add(Row.of(name, histogram)));
        Map<String, Double> figures = new LinkedHashMap<>();
        Neighbours beside = java.util.Objects.requireNonNull(neighbours);
        rows.addAll(beside.rows());
        figures.putAll(beside.figures());
        maxima.forEach((name, list) -> figures.put(
                "decided reservations/s, most, " + name,
                list.stream().mapToDouble(Double::doubleValue).average().orElse(0)));
        figures.putAll(costs());
        undecided.forEach((name, count) -> figures.put("answers without a decision, " + name, (double) count));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("rounds", rounds);
        settings.put("buyers", BUYERS);
        settings.put("connections", Contest.CONNECTIONS);
        settings.put("seed", seed);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        return new Report("seats", settings, rows, figures);
    }

    /** What a decision of a rush costs. */
    private Map<String, Double> costs() {
        Map<String, Double> figures = new LinkedHashMap<>();
        double best = 0;
        for (Map.Entry<String, Contest> entry : contests.entrySet()) {
            Contest contest = entry.getValue();
            figures.put("500 seats: decisions/s, " + entry.getKey(), contest.decisionsPerSecond());
            figures.put("500 seats: decisions per CPU s, " + entry.getKey(), contest.decisionsPerCpuSecond());
            contest.cpuMsByPart()
                    .forEach((part, ms) ->
                            figures.put("500 seats: CPU ms per decision, " + entry.getKey() + ", " + part, ms));
            if (!entry.getKey().equals("Tailrace")) {
                best = Math.max(best, contest.decisionsPerCpuSecond());
            } else {
                figures.put(
                        "500 seats: decisions per CPU s, Tailrace with copies",
                        contest.decisionsPerCpuSecondWithCopies());
            }
        }
        Contest own = java.util.Objects.requireNonNull(contests.get("Tailrace"));
        figures.put("500 seats: Tailrace / better alternative", own.decisionsPerCpuSecond() / best);
        figures.put(
                "500 seats: Tailrace with copies / better alternative", own.decisionsPerCpuSecondWithCopies() / best);
        return figures;
    }

    private void print(Report report) {
        System.out.print(report.table());
        if (json) {
            System.out.println(report.json());
        }
    }
}
