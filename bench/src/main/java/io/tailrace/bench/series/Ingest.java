package io.tailrace.bench.series;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Readings as fast as they are taken, by one way in. Every reading that was acknowledged is counted in the end. */
final class Ingest {
    static final int WRITERS = 4;
    private static final String DISPATCHER = "event-dispatcher";
    private static final long ANSWER_LIMIT_S = 120;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(600);

    /** How long is waited beyond that for many readings. */
    private static final long LEAST_WINDOWED_PER_SECOND = 5_000;

    private final Stand stand;
    private final SeriesClient client;
    private final PlainRows plain;
    private final List<Row> rows;
    private final Map<String, Double> figures;

    Ingest(Stand stand, SeriesClient client, PlainRows plain, List<Row> rows, Map<String, Double> figures) {
        this.stand = stand;
        this.client = client;
        this.plain = plain;
        this.rows = rows;
        this.figures = figures;
    }

    /** Sends this many batches, waits until their readings are in rows and windows, and notes the figures. 0 per second is as fast as they are taken. */
    void measure(WayIn way, int batches, int perSecond) throws Exception {
        long readings = (long) batches * ReadingSource.BATCH;
        List<String> metrics = way.metrics(ReadingSource.metricsFor(readings, perSecond));
        ReadingSource source = new ReadingSource(metrics, System.currentTimeMillis(), perSecond);
        Histogram answers = new ConcurrentHistogram(3);
        AtomicLong next = new AtomicLong();
        long startNs = System.nanoTime();
        try (MemorySamples services = new MemorySamples(stand.pid());
                MemorySamples dispatcher = new MemorySamples(stand.pid(DISPATCHER));
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                running.add(writers.submit(() -> {
                    write(way, number, source, next, batches, answers, startNs);
                    return null;
                }));
            }
            for (Future<Void> writer : running) {
                writer.get();
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;
            rows.add(Row.of(way.label() + ": " + ReadingSource.BATCH + " readings to answer", answers));
            figures.put(way.label() + ": readings per second, " + WRITERS + " writers", readings / seconds);
            memory(way, "the services", services);
            memory(way, "the dispatcher", dispatcher);
        }
        settle(way, way.ids(metrics), readings);
    }

    private void memory(WayIn way, String process, MemorySamples samples) {
        List<Double> tenths = samples.tenths();
        for (int tenth = 0; tenth < tenths.size(); tenth++) {
            figures.put(
                    way.label() + ": resident memory of " + process + ", tenth " + (tenth + 1) + " (MiB)",
                    tenths.get(tenth));
        }
    }

    private static void write(
            WayIn way, int writer, ReadingSource source, AtomicLong next, int batches, Histogram answers, long startNs)
            throws Exception {
        Semaphore room = new Semaphore(way.depth());
        AtomicReference<Throwable> fault = new AtomicReference<>();
        long number = next.getAndIncrement();
        while (number < batches && fault.get() == null) {
            List<WayIn.Sample> batch = source.batch(number);
            await(way, room, 1);
            LockSupport.parkNanos(startNs + source.dueNs(number) - System.nanoTime());
            long sentNs = System.nanoTime();
            var unused = way.send(writer, batch).whenComplete((done, failure) -> {
                answers.recordValue(System.nanoTime() - sentNs);
                if (failure != null) {
                    fault.set(failure);
                }
                room.release();
            });
            number = next.getAndIncrement();
        }
        await(way, room, way.depth());
        if (fault.get() != null) {
            throw new IOException(way.label() + " failed", fault.get());
        }
    }

    /** Waits until this many batches may be under way; fails if the answers to those before do not come. */
    private static void await(WayIn way, Semaphore room, int batches) throws IOException, InterruptedException {
        if (!room.tryAcquire(batches, ANSWER_LIMIT_S, TimeUnit.SECONDS)) {
            throw new IOException(way.label() + ": a batch had no answer within " + ANSWER_LIMIT_S + " s");
        }
    }

    /** Waits until every reading is in a row and in a window; both are counted. */
    private void settle(WayIn way, List<String> metrics, long sent) throws Exception {
        long startNs = System.nanoTime();
        long limitNs = LIMIT_NS + TimeUnit.SECONDS.toNanos(sent / LEAST_WINDOWED_PER_SECOND);
        long counted = 0;
        System.err.printf(
                Locale.ROOT, "%s: all readings were accepted, waiting for their windows; %s%n", way.label(), figures);
        // Counting many rows takes longer than making windows of them, and from the same processors.
        while (counted != sent || plain.count(metrics) != sent) {
            if (System.nanoTime() - startNs > limitNs) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT,
                        "%s: %,d readings were accepted, %,d are kept and %,d are in windows; until then %s",
                        way.label(),
                        sent,
                        plain.count(metrics),
                        counted,
                        figures));
            }
            // A reader may ask 100 times a second.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + 20L * metrics.size()));
            counted = 0;
            for (String metric : metrics) {
                for (JsonNode row : client.series(metric, "resolution=1s&max_points=10000&columns=t,count")
                        .path("rows")) {
                    counted += row.get(1).asLong();
                }
            }
        }
        figures.put(way.label() + ": seconds from the last answer to all windows", (System.nanoTime() - startNs) / 1e9);
    }
}
