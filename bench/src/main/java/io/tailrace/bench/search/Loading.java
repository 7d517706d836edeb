package io.tailrace.bench.search;

import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** People through the log into the index, and how long it takes. */
final class Loading {
    private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(20);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long SETTLE_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long SETTLE_PAUSE_NS = TimeUnit.SECONDS.toNanos(2);

    /** In the seeds' own files. */
    private static final int OTHERS = 6;

    private static final List<String> PARTS = List.of("kafka", "elasticsearch", "event-dispatcher");

    private final Stand stand;
    private final Map<String, Double> figures;

    Loading(Stand stand, Map<String, Double> figures) {
        this.stand = stand;
        this.figures = figures;
    }

    /**
     * Sees to it that there are so many people: from the start of the command that writes them to the last document.
     *
     * @throws IOException if they are not all there after 20 minutes
     */
    void upTo(int count) throws IOException, InterruptedException {
        String elasticsearch = stand.environment("TAILRACE_ELASTICSEARCH_URL");
        long before = Math.max(0, SearchClient.count(elasticsearch, "tailrace-users") - OTHERS);
        if (before >= count) {
            return;
        }
        Map<String, Double> cpuBefore = cpu();
        long startedNs = System.nanoTime();
        stand.run("migrate", "-dir", "seeds", "up", "--people", String.valueOf(count), "--only-people");
        double written = seconds(startedNs);
        while (SearchClient.count(elasticsearch, "tailrace-users") < count + OTHERS) {
            if (System.nanoTime() - startedNs > LIMIT_NS) {
                throw new IOException("not all of " + count + " people were indexed within 20 minutes");
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        double indexed = seconds(startedNs);
        System.err.printf(
                Locale.ROOT, "%,d people: written in %.1f s, indexed after %.1f s%n", count - before, written, indexed);
        figures.put("seconds until " + (count - before) + " more people were written", written);
        figures.put("seconds until " + (count - before) + " more people were indexed", indexed);
        cpu().forEach((part, seconds) ->
                figures.put("CPU seconds meanwhile, " + part, seconds - cpuBefore.getOrDefault(part, 0.0)));
    }

    /** Waits until PostgreSQL's projection has everybody too, or two minutes: it follows the same log on the same cores. */
    void settle(PartSearches.Database database) throws Exception {
        try (PhoneRows rows = database.open()) {
            long untilNs = System.nanoTime() + SETTLE_NS;
            while (rows.behind() > 0 && System.nanoTime() < untilNs) {
                LockSupport.parkNanos(SETTLE_PAUSE_NS);
            }
            System.err.printf(Locale.ROOT, "goes on, the projection of people is %,d behind%n", rows.behind());
        }
    }

    /** What everything that runs has used; most of the work is Elasticsearch's. */
    private Map<String, Double> cpu() throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (String part : PARTS) {
            seconds.put(part, stand.cpu(part).toMillis() / 1e3);
        }
        ProcessHandle.of(stand.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .ifPresent(services -> seconds.put("the services", services.toMillis() / 1e3));
        return seconds;
    }

    private static double seconds(long sinceNs) {
        return (System.nanoTime() - sinceNs) / 1e9;
    }
}
