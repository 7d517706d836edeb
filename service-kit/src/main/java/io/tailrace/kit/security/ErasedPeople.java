package io.tailrace.kit.security;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.annotation.PreDestroy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The people who were erased within {@link ErasedPeopleSettings#window()}: whose tokens are void although they are signed and
 * not over. Every service learns it from the tombstones of {@code tailrace.users}; until it has, which takes moments unless
 * the log is away, it lets such a token in. Thread-safe.
 */
@Context
@Requires(property = "tailrace.erased-people.enabled", notEquals = "false")
public final class ErasedPeople implements ApplicationEventListener<ServerStartupEvent> {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long TOPIC_PAUSE_MS = 500;
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final ErasedPeopleSettings settings;
    private final Set<String> people;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final SupervisedLoop loop = new SupervisedLoop(
            "erased-people", new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()), this::run);
    private final Thread thread = Thread.ofPlatform().daemon().name(loop.name()).unstarted(loop);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    ErasedPeople(
            KafkaSettings kafka,
            ErasedPeopleSettings settings,
            TokenVerifier verifier,
            @Nullable MeterRegistry meters) {
        this.kafka = kafka;
        this.settings = settings;
        this.people = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > settings.max();
            }
        }));
        verifier.refuseBearers(people::contains);
        if (meters != null) {
            loop.bindTo(meters);
            Gauge.builder("tailrace.erased.people", people, Set::size)
                    .description("People who were erased not long ago, whose tokens are refused")
                    .register(meters);
        }
    }

    /** Has a listener told of everybody who is erased from now on, on the thread that reads; of one person more than once. */
    public void onErased(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Whether a subject is a person who was erased, as far as this node knows. */
    public boolean isErased(String subject) {
        return people.contains(subject);
    }

    /** How the reading is. */
    public Loop loop() {
        return loop;
    }

    /** Begins to read when there is a server: a process that answers nobody refuses nobody. */
    @Override
    public void onApplicationEvent(ServerStartupEvent started) {
        thread.start();
    }

    @PreDestroy
    void stop() {
        loop.stop();
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void run(SupervisedLoop self) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer("erased-people"))) {
            current = consumer;
            while (!self.isStopping() && !place(consumer)) {
                // Services make the topics when they start.
                self.succeeded();
                self.pause(TOPIC_PAUSE_MS);
            }
            while (!self.isStopping()) {
                consumer.poll(POLL).forEach(this::take);
                self.succeeded();
            }
        } catch (WakeupException e) {
            // It stops.
            return;
        } finally {
            current = null;
        }
    }

    /** Whether there is a topic to read. */
    private boolean place(KafkaConsumer<byte[], byte[]> consumer) {
        List<PartitionInfo> found = consumer.partitionsFor(Topics.USERS);
        if (found.isEmpty()) {
            return false;
        }
        List<TopicPartition> all = found.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        long fromMs = System.currentTimeMillis() - settings.window().toMillis();
        Map<TopicPartition, OffsetAndTimestamp> places =
                consumer.offsetsForTimes(all.stream().collect(Collectors.toMap(at -> at, at -> fromMs)));
        consumer.assign(all);
        for (TopicPartition at : all) {
            // No record is that young: whatever comes after these ends is.
            @Nullable OffsetAndTimestamp place = places.get(at);
            consumer.seek(at, place == null ? ends.getOrDefault(at, 0L) : place.offset());
        }
        return true;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        if (key == null || value != null) {
            return;
        }
        String person = new String(key, StandardCharsets.UTF_8);
        var unused = people.add(person);
        // Each time: a stream may have been opened since the last time by a token that was verified before.
        listeners.forEach(listener -> listener.accept(person));
    }
}
