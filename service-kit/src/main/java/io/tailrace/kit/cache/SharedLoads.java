package io.tailrace.kit.cache;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One load of a key for all who ask for it at the same time: a crowd that comes for one fact would otherwise wait for the
 * connections of the database in turn. Only a value is shared. Whoever waited for a load that found nothing, failed or takes too
 * long loads alone: what was not there when that load began may be there since. Thread-safe; blocks.
 */
final class SharedLoads<V> {
    private final ConcurrentHashMap<String, CompletableFuture<Optional<V>>> running = new ConcurrentHashMap<>();
    private final long maxWaitMs;

    /** With how long somebody waits for the load of another, in milliseconds. */
    SharedLoads(long maxWaitMs) {
        this.maxWaitMs = maxWaitMs;
    }

    /**
     * What {@code source} gives to this thread, or what it gives to a thread that had called it before.
     *
     * @param usable whether this thread may use what another has loaded
     * @throws RuntimeException what {@code source} throws in this thread
     */
    Optional<V> get(String key, Predicate<V> usable, Supplier<Optional<V>> source) {
        CompletableFuture<Optional<V>> own = new CompletableFuture<>();
        CompletableFuture<Optional<V>> other = running.putIfAbsent(key, own);
        if (other != null) {
            return await(other).filter(usable).or(source);
        }
        try {
            Optional<V> loaded = source.get();
            own.complete(loaded);
            return loaded;
        } finally {
            running.remove(key, own);
            // Where it failed; otherwise this changes nothing.
            own.complete(Optional.empty());
        }
    }

    private Optional<V> await(CompletableFuture<Optional<V>> load) {
        try {
            return load.get(maxWaitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        }
    }
}
