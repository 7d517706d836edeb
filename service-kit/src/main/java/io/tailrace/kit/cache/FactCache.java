package io.tailrace.kit.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values by the keys of a topic's facts: in this process, then in Redis, then from their source. What is not there is never
 * remembered. Thread-safe; blocks when it must ask.
 */
public final class FactCache<V> {
    /** As long as the database may take for a query. */
    private static final long LOAD_WAIT_MS = 10_000;

    private final Options<V> options;
    private final TopicChanges changes;
    private final Copies shared;
    private final SharedLoads<Entry<V>> loads = new SharedLoads<>(LOAD_WAIT_MS);
    private final Cache<String, Entry<V>> local;
    private final Counter fromLocal;
    private final Counter fromShared;
    private final Counter fromSource;
    private final Counter stale;
    private final Counter unsure;

    /** Whether facts of a topic change. */
    public enum Kind {
        /**
         * A fact is as it was made until a tombstone deletes it. A value that is here is used at once; its tombstone takes it away
         * moments later.
         */
        UNCHANGING,
        /**
         * A later record of the key replaces the fact. A value that is here is used if everything that was in the log when it
         * was asked for has been looked at, so that nobody reads what is older than their own write; else the source is asked.
         */
        CHANGING
    }

    /** Where a partition of the topic ends for a reader of committed records; empty if the log does not tell in time. */
    @FunctionalInterface
    public interface LogEnds {
        /** Asks the log, now. */
        OptionalLong end(int partition);
    }

    /**
     * What a cache is.
     *
     * @param name in metrics and in the names of its copies in Redis
     * @param kind whether facts change
     * @param form the values as text
     * @param maxEntries the most values in this process; of more, those that are used least go
     * @param maxSharedCharacters longer texts are not put into Redis
     * @param maxWaitMs how long a read waits for the changes to be looked at
     * @param ends where the log ends; asked for facts that change only
     */
    record Options<V>(
            String name,
            Kind kind,
            TextForm<V> form,
            int maxEntries,
            int maxSharedCharacters,
            long maxWaitMs,
            LogEnds ends) {}

    private record Entry<V>(V value, @Nullable Version version) {}

    FactCache(Options<V> options, TopicChanges changes, Copies shared, MeterRegistry registry) {
        this.options = options;
        this.changes = changes;
        this.shared = shared;
        this.local = Caffeine.newBuilder()
                .maximumSize(options.maxEntries())
                // On the caller's thread: it is little, and a pool of threads for it would be more.
                .executor(Runnable::run)
                .build();
        this.fromLocal = reads(registry, "local");
        this.fromShared = reads(registry, "redis");
        this.fromSource = reads(registry, "source");
        this.stale = counter(registry, "tailrace.cache.stale", "Copies in Redis that were too old");
        this.unsure = counter(
                registry,
                "tailrace.cache.unsure",
                "Reads past the cache, because what had changed was not known in time");
        Gauge.builder("tailrace.cache.entries", local, Cache::estimatedSize)
                .description("Values in this process")
                .tag("cache", options.name())
                .register(registry);
    }

    /**
     * The value of a key. Threads that ask at the same time for a fact that does not change ask the source once.
     *
     * @param source asks for the value and its version; empty if there is none. Of facts that change it waits for its projection
     *     as it would without a cache
     * @throws RuntimeException what the source throws
     */
    public Optional<V> get(String key, Supplier<Optional<Loaded<V>>> source) {
        if (options.kind() == Kind.CHANGING && !hasSeenAll(key)) {
            unsure.increment();
            return source.get().map(Loaded::value);
        }
        Entry<V> present = local.getIfPresent(key);
        if (present != null && isUsable(key, present)) {
            fromLocal.increment();
            return Optional.of(present.value());
        }
        Optional<Entry<V>> loaded =
                switch (options.kind()) {
                    case CHANGING -> load(key, source);
                    case UNCHANGING -> loads.get(key, other -> takes(key, other), () -> loadUnlessPresent(key, source));
                };
        return loaded.map(Entry::value);
    }

    /** Whether what another thread has loaded just now is as good as a value that is kept; then it counts as one. */
    private boolean takes(String key, Entry<V> other) {
        boolean usable = isUsable(key, other);
        if (usable) {
            fromLocal.increment();
        }
        return usable;
    }

    /** The last load may have ended between this thread's look and its turn. */
    private Optional<Entry<V>> loadUnlessPresent(String key, Supplier<Optional<Loaded<V>>> source) {
        Entry<V> present = local.getIfPresent(key);
        if (present != null && isUsable(key, present)) {
            fromLocal.increment();
            return Optional.of(present);
        }
        return load(key, source);
    }

    private Optional<Entry<V>> load(String key, Supplier<Optional<Loaded<V>>> source) {
        Optional<Loaded<V>> copy = sharedCopy(key);
        if (copy.isPresent()) {
            fromShared.increment();
            Entry<V> entry = entry(copy.get());
            local.put(key, entry);
            return Optional.of(entry);
        }
        Optional<Loaded<V>> loaded = source.get();
        fromSource.increment();
        loaded.ifPresent(value -> keep(key, value));
        return loaded.map(FactCache::entry);
    }

    private static <V> Entry<V> entry(Loaded<V> loaded) {
        return new Entry<>(loaded.value(), loaded.version());
    }

    /** The value of a key, if it is in this process; of facts that do not change only. Asks nobody. */
    public Optional<V> present(String key) {
        Entry<V> present = local.getIfPresent(key);
        return present != null && options.kind() == Kind.UNCHANGING && isUsable(key, present)
                ? Optional.of(present.value())
                : Optional.empty();
    }

    /** Remembers a fact that does not change and is in the log since just now, by the caller's own hand. */
    public void made(String key, V value) {
        if (options.kind() == Kind.UNCHANGING) {
            local.put(key, new Entry<>(value, null));
        }
    }

    /** A record of the key was read. */
    void changed(String key, boolean isTombstone) {
        if (isTombstone || options.kind() == Kind.CHANGING) {
            local.invalidate(key);
        }
        if (isTombstone) {
            shared.delete(sharedName(key));
        }
    }

    /** Whether the record of a key is one that outdates its value. */
    boolean isChange(boolean isTombstone) {
        return isTombstone || options.kind() == Kind.CHANGING;
    }

    /** What had changed meanwhile is not known. */
    void clear() {
        local.invalidateAll();
    }

    private boolean hasSeenAll(String key) {
        OptionalInt partition = changes.partition(key);
        if (partition.isEmpty()) {
            return false;
        }
        OptionalLong end = options.ends().end(partition.getAsInt());
        try {
            return end.isPresent() && changes.await(key, end.getAsLong(), options.maxWaitMs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isUsable(String key, Entry<V> entry) {
        Version version = entry.version();
        return switch (options.kind()) {
            case UNCHANGING -> version == null || !changes.isOutdated(key, version);
            case CHANGING -> version != null && changes.isCurrent(key, version);
        };
    }

    private Optional<Loaded<V>> sharedCopy(String key) {
        Optional<Loaded<V>> copy = shared.get(sharedName(key)).flatMap(text -> TextForm.read(options.form(), text));
        if (copy.isPresent() && !changes.isCurrent(key, copy.get().version())) {
            stale.increment();
            return Optional.empty();
        }
        return copy;
    }

    private void keep(String key, Loaded<V> loaded) {
        if (changes.isOutdated(key, loaded.version())) {
            // It changed while it was asked for, or the projection lags.
            return;
        }
        local.put(key, entry(loaded));
        String text = TextForm.write(options.form(), loaded);
        if (text.length() <= options.maxSharedCharacters()) {
            shared.put(sharedName(key), text);
        }
    }

    private String sharedName(String key) {
        return "tailrace:cache:" + options.name() + ":" + key;
    }

    private Counter reads(MeterRegistry registry, String from) {
        return Counter.builder("tailrace.cache.reads")
                .description("Reads of a cache, by where the answer was")
                .tag("cache", options.name())
                .tag("from", from)
                .register(registry);
    }

    private Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("cache", options.name())
                .register(registry);
    }
}
