package io.tailrace.bench.search;

import io.tailrace.bench.stand.PacedSender;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * From the moment a post was due to be written to the first search that finds it. Every so manyth is searched for, again
 * and again: the figure is late by half of a pause and a search.
 */
final class WrittenToFound {
    private static final int EVERY = 20;
    private static final long PAUSE_MS = 20;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private final SearchClient client;
    private final Histogram histogram = new ConcurrentHistogram(3);
    private final ConcurrentLinkedQueue<CompletableFuture<?>> pending = new ConcurrentLinkedQueue<>();

    WrittenToFound(SearchClient client) {
        this.client = client;
    }

    Histogram measure(String prefix, int perSecond, int count) {
        AtomicInteger number = new AtomicInteger();
        PacedSender.run(perSecond, count, due -> {
            int i = number.getAndIncrement();
            String word = prefix + "x" + i;
            CompletableFuture<Void> written = client.post("A post about " + word + " and the water level");
            pending.add(i % EVERY == 0 ? written.thenCompose(done -> look(word, due)) : written);
        });
        CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).join();
        return histogram;
    }

    private CompletableFuture<Void> look(String word, long due) {
        return client.hasPost(word).thenCompose(found -> {
            long nowNs = System.nanoTime();
            if (found) {
                histogram.recordValue(Math.max(0, nowNs - due));
                return CompletableFuture.completedFuture(null);
            }
            if (nowNs - due > LIMIT_NS) {
                throw new IllegalStateException(word + " was not found within 60 s");
            }
            return CompletableFuture.supplyAsync(
                            () -> 0, CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS))
                    .thenCompose(waited -> look(word, due));
        });
    }
}
