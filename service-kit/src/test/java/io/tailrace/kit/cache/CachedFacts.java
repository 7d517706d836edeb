package io.tailrace.kit.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.redis.RedisSettings;
import io.tailrace.kit.testing.TestBroker;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A topic of facts on a real broker, their projection in a map, and processes with caches of it over a real Redis. */
final class CachedFacts implements AutoCloseable {
    static final int MAX_ENTRIES = 10;
    static final int MAX_SHARED = 200;

    private static final int PARTITIONS = 2;
    private static final CacheSettings SETTINGS = new CacheSettings(
            true,
            Duration.ofMinutes(10),
            MAX_SHARED,
            100,
            Duration.ofSeconds(60),
            Duration.ofMillis(100),
            Duration.ofMillis(1));

    private final TestBroker broker = TestBroker.shared();
    private final KafkaSettings kafka = KafkaSettings.of(broker.bootstrap());
    private final String topic = "facts-" + UUID.randomUUID();
    private final Map<String, Loaded<Fact>> projection = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final RedisLink redis;
    private volatile String generation;
    private volatile boolean isLogSilent;

    /** A fact. */
    record Fact(String key, int number) {}

    CachedFacts(String redisUrl) {
        redis = new RedisLink(new RedisSettings(redisUrl, Duration.ofSeconds(5), Duration.ofMillis(1)));
        broker.create(topic, PARTITIONS);
        generation = lookUp();
    }

    /** Writes a fact and has the projection take it up: what somebody's write has done when it is answered. */
    void write(String key, int number) {
        project(key, number, publish(key, number));
    }

    /** The same with a number that is higher than all before; returns it. */
    synchronized int writeNext(String key) {
        int number = numbers.incrementAndGet();
        write(key, number);
        return number;
    }

    /** Writes a fact that the projection does not know yet. */
    long publish(String key, int number) {
        return send(key, Integer.toString(number).getBytes(UTF_8));
    }

    /** The projection takes up the last record of the key's partition. */
    void catchUp(String key, int number) {
        project(key, number, broker.end(topic, partition(key)) - 1);
    }

    /** The projection changes without the log. */
    void project(String key, int number) {
        project(key, number, 0);
    }

    private void project(String key, int number, long offset) {
        projection.put(key, new Loaded<>(new Fact(key, number), new Version(generation, offset + 1)));
    }

    /** Deletes a fact. */
    void erase(String key) {
        projection.remove(key);
        var unused = send(key, null);
    }

    private long send(String key, byte @Nullable [] value) {
        return broker.send(new ProducerRecord<>(topic, partition(key), key.getBytes(UTF_8), value))
                .offset();
    }

    private static int partition(String key) {
        return KeyPartition.of(key.getBytes(UTF_8), PARTITIONS);
    }

    /** From now on nobody learns where the log ends. */
    void silenceTheLog() {
        isLogSilent = true;
    }

    void makeTopicAnew() {
        broker.delete(topic);
        broker.create(topic, PARTITIONS);
        generation = lookUp();
    }

    private String lookUp() {
        try (TopicLookup lookup = new TopicLookup(Admin.create(kafka.admin("test")))) {
            return lookup.find(topic).generation();
        }
    }

    String copy(String key) {
        return redis.call(commands -> commands.get(copyName(key)));
    }

    boolean hasCopy(String key) {
        return redis.call(commands -> commands.exists(copyName(key))) == 1;
    }

    void putCopy(String key, String text) {
        var unused = redis.call(commands -> commands.set(copyName(key), text));
    }

    private String copyName(String key) {
        return "tailrace:cache:" + topic + ":" + key;
    }

    Process changing() {
        return new Process(FactCache.Kind.CHANGING);
    }

    Process unchanging() {
        return new Process(FactCache.Kind.UNCHANGING);
    }

    @Override
    public void close() {
        broker.delete(topic);
    }

    /** One process with a cache. */
    final class Process implements AutoCloseable {
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final AtomicInteger sourceReads = new AtomicInteger();
        private final TopicChanges changes = new TopicChanges(SETTINGS.maxChanges());
        private final FactCache<Fact> cache;
        private final FactTail tail;

        private Process(FactCache.Kind kind) {
            FactCache.Options<Fact> options = new FactCache.Options<>(
                    topic,
                    kind,
                    new TextForm<>(Fact.class),
                    MAX_ENTRIES,
                    SETTINGS.maxSharedCharacters(),
                    SETTINGS.maxWait().toMillis(),
                    partition -> isLogSilent ? OptionalLong.empty() : OptionalLong.of(broker.end(topic, partition)));
            Copies copies = new SharedCopies(redis, SETTINGS.keep(), SETTINGS.rest(), MonotonicTime::nowMs);
            cache = new FactCache<>(options, changes, copies, registry);
            tail = new FactTail("test", topic, kafka, SETTINGS, InstantSource.system(), changes, cache);
            tail.start();
            Eventually.holds("the topic is read", () -> changes.partition("any").isPresent());
        }

        FactCache<Fact> cache() {
            return cache;
        }

        Optional<Fact> read(String key) {
            return cache.get(key, () -> {
                sourceReads.incrementAndGet();
                return Optional.ofNullable(projection.get(key));
            });
        }

        /** Returns when everything that is in the key's partition was looked at. */
        void awaitEnd(String key) {
            long end = broker.end(topic, partition(key));
            Eventually.holds("the end is reached", () -> changes.await(key, end, 0));
        }

        int sourceReads() {
            return sourceReads.get();
        }

        double reads(String from) {
            return from.equals("unsure")
                    ? registry.get("tailrace.cache.unsure").counter().count()
                    : registry.get("tailrace.cache.reads")
                            .tag("from", from)
                            .counter()
                            .count();
        }

        double stale() {
            return registry.get("tailrace.cache.stale").counter().count();
        }

        double entries() {
            return registry.get("tailrace.cache.entries").gauge().value();
        }

        @Override
        public void close() {
            tail.close();
        }
    }
}
