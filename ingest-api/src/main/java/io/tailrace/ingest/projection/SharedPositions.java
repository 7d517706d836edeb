package io.tailrace.ingest.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/**
 * The positions of projections, asked for once for all who wait. When a projection lags, every read waits for it: if each
 * asked for itself, PostgreSQL would have the more to do the later it is, and no connection left for the reads. Thread-safe;
 * blocks.
 */
final class SharedPositions {
    private record Key(String projection, String topic) {}

    private record Query(long startNs, CompletableFuture<List<ProjectionPosition>> answer) {}

    private final BiFunction<String, String, List<ProjectionPosition>> question;
    private final long intervalNs;
    /** As many as there are projections of topics, which the code and the namespaces name. */
    private final Map<Key, Query> latest = new ConcurrentHashMap<>();

    /**
     * What is known.
     *
     * @param positions of the projection's partitions; none if nothing was told in time
     * @param nextNs when it is worth another look, as {@link System#nanoTime()}
     */
    record Look(List<ProjectionPosition> positions, long nextNs) {}

    /**
     * Asks {@code question} for a projection and a topic, at most once within {@code interval}.
     *
     * @param question may throw what its caller shall see
     */
    SharedPositions(BiFunction<String, String, List<ProjectionPosition>> question, Duration interval) {
        this.question = question;
        this.intervalNs = interval.toNanos();
    }

    /**
     * How far a projection was, at most the interval ago, or when a question was asked that is still open.
     *
     * @param within how long to wait for somebody else's question; one's own takes as long as it takes
     * @throws RuntimeException what the question threw, for all who waited for it
     */
    Look look(String projection, String topic, Duration within) {
        long nowNs = System.nanoTime();
        Query own = new Query(nowNs, new CompletableFuture<>());
        Query query = latest.compute(
                new Key(projection, topic), (key, last) -> last != null && isOfUse(last, nowNs) ? last : own);
        if (query == own) {
            ask(projection, topic, own);
        }
        return new Look(answer(query, within), query.startNs() + intervalNs);
    }

    private boolean isOfUse(Query query, long nowNs) {
        return !query.answer().isDone() || nowNs - query.startNs() < intervalNs;
    }

    private void ask(String projection, String topic, Query query) {
        try {
            query.answer().complete(question.apply(projection, topic));
        } catch (RuntimeException | Error e) {
            // The asker gets it from there, too.
            query.answer().completeExceptionally(e);
        }
    }

    private static List<ProjectionPosition> answer(Query query, Duration within) {
        try {
            return query.answer().get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
