package io.tailrace.kit.cache;

import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Source;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.time.MonotonicTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic of facts for the caches of a process: what has changed, and when. It begins as far back as copies in Redis may be
 * old, and after a failure where it was. One thread reads.
 */
final class FactTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long TOPIC_PAUSE_MS = 500;
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(5);

    private final String topic;
    private final KafkaSettings kafka;
    private final CacheSettings settings;
    private final InstantSource clock;
    private final TopicChanges changes;
    private final FactCache<?> cache;
    private final SupervisedLoop loop;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    FactTail(
            String name,
            String topic,
            KafkaSettings kafka,
            CacheSettings settings,
            InstantSource clock,
            TopicChanges changes,
            FactCache<?> cache) {
        this.topic = topic;
        this.kafka = kafka;
        this.settings = settings;
        this.clock = clock;
        this.changes = changes;
        this.cache = cache;
        this.loop = new SupervisedLoop(
                "cache-" + name, new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()), this::run);
    }

    SupervisedLoop loop() {
        return loop;
    }

    void start() {
        var unused = Thread.ofPlatform().daemon().name(loop.name()).start(loop);
    }

    private void run(SupervisedLoop self) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(loop.name()));
                TopicLookup lookup = new TopicLookup(Admin.create(kafka.admin(loop.name())))) {
            current = consumer;
            Source source = find(lookup, self);
            if (source != null) {
                place(consumer, source);
                follow(consumer, lookup, source, self);
            }
        } catch (WakeupException e) {
            // It stops.
            return;
        } catch (LogTruncationException e) {
            // Others may be written at the offsets of the changes that were read: where these ended says nothing any
            // more.
            changes.forget();
            throw e;
        } finally {
            current = null;
        }
    }

    /** The topic, as soon as there is one; null if it stops before. */
    private @Nullable Source find(TopicLookup lookup, SupervisedLoop self) {
        while (!self.isStopping()) {
            try {
                Source source = lookup.find(topic);
                self.succeeded();
                return source;
            } catch (UnknownTopicOrPartitionException e) {
                // Services make the topics when they start.
                self.pause(TOPIC_PAUSE_MS);
            }
        }
        return null;
    }

    private void place(KafkaConsumer<byte[], byte[]> consumer, Source source) {
        List<TopicPartition> all = IntStream.range(0, source.partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        Map<Integer, Long> positions = changes.positions(source.generation());
        boolean goesOn = positions.size() == all.size()
                && all.stream().allMatch(at -> {
                    long position = positions.getOrDefault(at.partition(), -1L);
                    return position >= beginnings.getOrDefault(at, 0L) && position <= ends.getOrDefault(at, 0L);
                });
        if (!goesOn) {
            positions.clear();
            positions.putAll(starts(consumer, all, ends));
            changes.begin(source.generation(), positions);
            cache.clear();
        }
        all.forEach(at -> consumer.seek(at, positions.getOrDefault(at.partition(), 0L)));
    }

    /** The first records that are younger than the oldest copy in Redis may be; the end where there are none. */
    private Map<Integer, Long> starts(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> all, Map<TopicPartition, Long> ends) {
        long fromMs = clock.instant().minus(settings.keep()).toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> places =
                consumer.offsetsForTimes(all.stream().collect(Collectors.toMap(at -> at, at -> fromMs)));
        Map<Integer, Long> starts = new HashMap<>();
        for (TopicPartition at : all) {
            @Nullable OffsetAndTimestamp place = places.get(at);
            starts.put(at.partition(), place == null ? ends.getOrDefault(at, 0L) : place.offset());
        }
        return starts;
    }

    private void follow(
            KafkaConsumer<byte[], byte[]> consumer, TopicLookup lookup, Source source, SupervisedLoop self) {
        long lookedMs = MonotonicTime.nowMs();
        while (!self.isStopping()) {
            consumer.poll(POLL).forEach(this::take);
            consumer.assignment().forEach(at -> changes.reached(at.partition(), consumer.position(at)));
            self.succeeded();
            if (MonotonicTime.nowMs() - lookedMs >= settings.generationCheck().toMillis()) {
                lookedMs = MonotonicTime.nowMs();
                if (!lookup.find(topic).equals(source)) {
                    // Deleted and made again, or of more partitions: begins anew.
                    return;
                }
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] bytes = record.key();
        if (bytes != null) {
            String key = new String(bytes, StandardCharsets.UTF_8);
            boolean isTombstone = record.value() == null;
            if (cache.isChange(isTombstone)) {
                changes.changed(record.partition(), key, record.offset());
                cache.changed(key, isTombstone);
            }
        }
    }

    /** Ends the reading. */
    @Override
    public void close() {
        loop.stop();
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }
}
