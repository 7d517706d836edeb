package io.tailrace.kit.cache;

import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.tailrace.kit.cache.FactCache.Kind;
import io.tailrace.kit.cache.FactCache.LogEnds;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes the caches of a process. Each reads its topic on a thread of its own. Thread-safe. */
@Singleton
@Requires(classes = RedisClient.class)
public final class FactCaches {
    private final KafkaSettings kafka;
    private final CacheSettings settings;
    private final Copies copies;
    private final MeterRegistry registry;
    private final List<FactTail> tails = new CopyOnWriteArrayList<>();

    /** Caches before Redis, if {@link CacheSettings#shared()}. */
    public FactCaches(KafkaSettings kafka, CacheSettings settings, RedisLink redis, MeterRegistry registry) {
        this.kafka = kafka;
        this.settings = settings;
        this.copies = settings.shared()
                ? new SharedCopies(redis, settings.keep(), settings.rest(), MonotonicTime::nowMs)
                : Copies.NONE;
        this.registry = registry;
    }

    /**
     * A cache of facts that do not change.
     *
     * @param name of the cache, one of few
     * @param topic the facts' topic, keyed by what the values are asked for
     * @param maxEntries the most values in this process
     */
    public <V> FactCache<V> unchanging(String name, String topic, Class<V> type, int maxEntries) {
        return make(name, topic, Kind.UNCHANGING, type, maxEntries, partition -> OptionalLong.empty());
    }

    /**
     * A cache of facts that change: nobody reads what is older than what was in the log when they asked.
     *
     * @param name of the cache, one of few
     * @param topic the facts' topic, keyed by what the values are asked for
     * @param maxEntries the most values in this process
     * @param ends where the topic ends
     */
    public <V> FactCache<V> changing(String name, String topic, Class<V> type, int maxEntries, LogEnds ends) {
        return make(name, topic, Kind.CHANGING, type, maxEntries, ends);
    }

    private <V> FactCache<V> make(String name, String topic, Kind kind, Class<V> type, int maxEntries, LogEnds ends) {
        TopicChanges changes = new TopicChanges(settings.maxChanges());
        FactCache<V> cache = new FactCache<>(
                new FactCache.Options<>(
                        name,
                        kind,
                        new TextForm<>(type),
                        maxEntries,
                        settings.maxSharedCharacters(),
                        settings.maxWait().toMillis(),
                        ends),
                changes,
                copies,
                registry);
        FactTail tail = new FactTail(name, topic, kafka, settings, InstantSource.system(), changes, cache);
        tail.loop().bindTo(registry);
        tails.add(tail);
        tail.start();
        return cache;
    }

    /** The threads that read, for the service's health. */
    public List<Loop> loops() {
        return tails.stream().map(tail -> (Loop) tail.loop()).toList();
    }

    @PreDestroy
    void close() {
        tails.forEach(FactTail::close);
    }
}
