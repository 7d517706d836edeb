package io.tailrace.bench.seats;

import io.tailrace.bench.seats.books.Books;
import io.tailrace.bench.seats.books.ShowStream;
import io.tailrace.bench.seats.http.HttpPool;
import io.tailrace.bench.seats.rush.Ledger;
import io.tailrace.bench.seats.rush.Plan;
import io.tailrace.bench.seats.rush.Rush;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Many more buyers than seats: decisions per CPU second, and with Tailrace the books. */
final class Contest {
    static final int ROWS = 20;
    static final int SEATS_PER_ROW = 25;
    static final int CONNECTIONS = 256;
    private static final int ATTEMPTS = 3;
    private static final int HOLD_SECONDS = 5;
    private static final long PATIENCE_MS = 60_000;
    private static final int MAX_SHOWN = 20;

    private final Hall hall;
    private double decisions;
    private final Map<String, Double> cpuByPart = new LinkedHashMap<>();
    private double cpuSeconds;
    private double cpuSecondsWithCopies;
    private double seconds;
    private int faults;

    Contest(Hall hall) {
        this.hall = hall;
    }

    /** Something that happens in the middle of a rush. */
    @FunctionalInterface
    interface Incident {
        void happen() throws Exception;
    }

    /** One rush. */
    void run(Arm arm, int buyers, int overMs, long seed, Incident incident) throws Exception {
        boolean tailrace = arm.requests().prefix().isEmpty();
        try (HttpPool pool = new HttpPool(arm.origin(), CONNECTIONS)) {
            UUID show = hall.show(arm, pool, ROWS, SEATS_PER_ROW);
            Plan plan = new Plan(show, ROWS, SEATS_PER_ROW, buyers, overMs, ATTEMPTS, HOLD_SECONDS, seed);
            if (!tailrace) {
                Ledger ledger = measured(arm, plan, pool, incident);
                faults += ledger.faults().size();
                ledger.faults().forEach(fault -> System.err.println("  FAULT of " + arm.name() + ": " + fault));
                return;
            }
            try (ShowStream stream = new ShowStream(arm.origin(), show)) {
                Ledger ledger = measured(arm, plan, pool, incident);
                Books.Finding finding = hall.books(arm, pool, show, stream).check(ledger, PATIENCE_MS);
                System.err.println("  buyers: " + ledger);
                System.err.println("  books:  " + finding.summary()
                        + (finding.faults().isEmpty()
                                ? "; all agree"
                                : "; " + finding.faults().size() + " FAULTS"));
                finding.faults().stream().limit(MAX_SHOWN).forEach(fault -> System.err.println("  FAULT: " + fault));
                faults += finding.faults().size();
            }
        }
    }

    private Ledger measured(Arm arm, Plan plan, HttpPool pool, Incident incident) throws Exception {
        Map<String, Double> cpuBefore = arm.cpu().seconds();
        long start = System.nanoTime();
        Rush rush = Rush.start(plan, arm.requests(), pool, hall.buyers());
        incident.happen();
        Ledger ledger = rush.await();
        seconds += (System.nanoTime() - start) / 1e9;
        cpuSeconds += sum(arm.cpu().seconds()) - sum(cpuBefore);
        decisions += ledger.decisions();
        if (arm.requests().prefix().isEmpty()) {
            // The copies of the decisions are part of the work, also where they come a little later.
            TimeUnit.SECONDS.sleep(2);
        }
        Map<String, Double> cpuAfter = arm.cpu().seconds();
        cpuSecondsWithCopies += sum(cpuAfter) - sum(cpuBefore);
        cpuAfter.forEach(
                (part, after) -> cpuByPart.merge(part, after - cpuBefore.getOrDefault(part, 0.0), Double::sum));
        return ledger;
    }

    private static double sum(Map<String, Double> parts) {
        return parts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** CPU milliseconds of a decision by the processes that used them, copies among them. */
    Map<String, Double> cpuMsByPart() {
        Map<String, Double> ms = new LinkedHashMap<>();
        cpuByPart.forEach((part, used) -> ms.put(part, used * 1e3 / decisions));
        return ms;
    }

    /** Until the last buyer was done. */
    double decisionsPerCpuSecond() {
        return decisions / cpuSeconds;
    }

    /** Until two seconds later, when PostgreSQL and Redis have their copies. */
    double decisionsPerCpuSecondWithCopies() {
        return decisions / cpuSecondsWithCopies;
    }

    /** Both together. */
    Contest plus(Contest other) {
        Contest both = new Contest(hall);
        for (Contest one : List.of(this, other)) {
            both.decisions += one.decisions;
            both.cpuSeconds += one.cpuSeconds;
            both.cpuSecondsWithCopies += one.cpuSecondsWithCopies;
            both.seconds += one.seconds;
            both.faults += one.faults;
            one.cpuByPart.forEach((part, used) -> both.cpuByPart.merge(part, used, Double::sum));
        }
        return both;
    }

    double decisionsPerSecond() {
        return decisions / seconds;
    }

    int faults() {
        return faults;
    }
}
