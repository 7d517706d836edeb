package io.tailrace.bench.search;

import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.PacedSender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** People by parts of their phone numbers: the search API, and PostgreSQL's ILIKE over the same people. */
final class PartSearches {
    static final int PER_SECOND = 20;
    static final int SHORTEST = 3;
    static final int LONGEST = 8;
    private static final int CONNECTIONS = 8;
    private static final int COMPARED = 20;

    /** The country code, of which nobody types a part. */
    private static final int PREFIX = 3;

    private final boolean quick;
    private final SearchClient client;
    private final Database database;
    private final List<Row> rows;
    private final Map<String, Double> figures;

    /** Opens a connection; whoever asks closes it. */
    interface Database {
        PhoneRows open() throws Exception;
    }

    private interface Search {
        Object run(String part) throws Exception;
    }

    PartSearches(boolean quick, SearchClient client, Database database, List<Row> rows, Map<String, Double> figures) {
        this.quick = quick;
        this.client = client;
        this.database = database;
        this.rows = rows;
        this.figures = figures;
    }

    /** Measures all ways; whether they found the same. */
    boolean measure() throws Exception {
        try (PhoneRows phones = database.open()) {
            phones.analyze();
            List<String> parts = parts(phones.sample(quick ? 200 : 1200));
            boolean agree = agree(phones, parts.subList(0, COMPARED));
            // A round that is not counted: class loading and compilation are not what is measured.
            paced(parts, PER_SECOND * (quick ? 3 : 10));
            steady("Tailrace", paced(parts, PER_SECOND * (quick ? 10 : 60)));
            oneAtATime("Tailrace", parts, part -> client.phone(part).join());
            oneAtATime("ILIKE, no index", parts, phones::find);
            if (phones.index()) {
                oneAtATime("ILIKE, pg_trgm", parts, phones::find);
                ilike(parts);
            }
            return agree;
        }
    }

    private Histogram paced(List<String> parts, int count) {
        Histogram histogram = new ConcurrentHistogram(3);
        List<CompletableFuture<?>> all = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        PacedSender.run(
                PER_SECOND,
                count,
                due -> all.add(client.phone(parts.get(next.getAndIncrement() % parts.size()))
                        .thenAccept(answer -> histogram.recordValue(System.nanoTime() - due))));
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        return histogram;
    }

    /** The same rate for PostgreSQL, on as many connections as a pool would have. */
    private void ilike(List<String> parts) throws Exception {
        Histogram histogram = new ConcurrentHistogram(3);
        List<PhoneRows> pool = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            ArrayBlockingQueue<PhoneRows> free = new ArrayBlockingQueue<>(CONNECTIONS);
            for (int i = 0; i < CONNECTIONS; i++) {
                pool.add(database.open());
                free.add(pool.getLast());
            }
            List<Future<?>> all = new ArrayList<>();
            AtomicInteger next = new AtomicInteger();
            PacedSender.run(PER_SECOND, PER_SECOND * (quick ? 10 : 60), due -> {
                String part = parts.get(next.getAndIncrement() % parts.size());
                all.add(threads.submit(() -> {
                    PhoneRows mine = free.take();
                    try {
                        return mine.find(part);
                    } finally {
                        free.add(mine);
                        histogram.recordValue(System.nanoTime() - due);
                    }
                }));
            });
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            for (PhoneRows each : pool) {
                each.close();
            }
        }
        steady("ILIKE, pg_trgm", histogram);
    }

    private void steady(String name, Histogram histogram) {
        add(name + ", " + PER_SECOND + "/s", histogram);
    }

    private void oneAtATime(String name, List<String> parts, Search search) throws Exception {
        Histogram histogram = new Histogram(3);
        for (String part : parts.subList(0, Math.min(parts.size(), quick ? 20 : 60))) {
            long startedNs = System.nanoTime();
            search.run(part);
            histogram.recordValue(System.nanoTime() - startedNs);
        }
        add(name + ", one at a time", histogram);
    }

    private void add(String name, Histogram histogram) {
        rows.add(Row.of(name, histogram));
        figures.put("p95 (ms), " + name, histogram.getValueAtPercentile(95) / 1e6);
    }

    /** A search that finds something else is no search: both must count the same. */
    private boolean agree(PhoneRows phones, List<String> parts) throws Exception {
        boolean agree = true;
        for (String part : parts) {
            var answer = client.phone(part).join();
            long found = answer.path("total").asLong();
            long expected = phones.count(part);
            if (answer.path("total_is_exact").asBoolean() ? found != expected : found > expected) {
                agree = false;
                System.err.println("*" + part + "*: " + found + " found, " + expected + " in PostgreSQL");
            }
        }
        return agree;
    }

    /** Three to eight digits out of each number. */
    private static List<String> parts(List<String> phones) {
        SplittableRandom random = new SplittableRandom(1);
        return phones.stream()
                .map(phone -> {
                    int length = random.nextInt(SHORTEST, LONGEST + 1);
                    int from = random.nextInt(PREFIX, phone.length() - length + 1);
                    return phone.substring(from, from + length);
                })
                .toList();
    }
}
