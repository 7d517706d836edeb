package io.tailrace.kit.apikey;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.security.Caller;
import io.tailrace.kit.security.TokenVerifier;
import io.tailrace.kit.security.Verification;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of this installation, which every service learns from the log and keeps in memory: a key is known, and a revoked one
 * is not any more, within moments on every node, and nobody has to be asked. While the log is away the keys are those that it had.
 * Thread-safe.
 */
@Context
@Requires(property = "tailrace.api-keys.enabled", notEquals = "false")
public final class ApiKeys implements ApplicationEventListener<ServerStartupEvent> {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long TOPIC_PAUSE_MS = 500;
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final InstantSource clock = InstantSource.system();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final SupervisedLoop loop = new SupervisedLoop(
            "api-keys", new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()), this::run);
    private final Thread thread = Thread.ofPlatform().daemon().name(loop.name()).unstarted(loop);
    private volatile @Nullable KnownKeys known;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    ApiKeys(KafkaSettings kafka, TokenVerifier verifier, @Nullable MeterRegistry meters) {
        this.kafka = kafka;
        verifier.acceptKeys(this::judge);
        if (meters != null) {
            loop.bindTo(meters);
        }
    }

    /**
     * Has a listener told of the bearers of keys that are revoked from now on, on the thread that reads, when the keys are
     * refused already. One of them may have other keys and tokens that are good.
     */
    public void onRevoked(Consumer<String> listener) {
        listeners.add(listener);
    }

    /**
     * Whether this node knows a key, by the name that {@link Caller#apiKey} has for it. A message of another node has names of keys and not
     * the keys; whoever notes such a name where revocations look for it asks this afterwards. No while the keys were not read yet, and of a
     * key that is so new that this node has not learned of it.
     */
    public boolean knows(String name) {
        KnownKeys keys = known;
        return keys != null && name.startsWith(Caller.API_KEY) && keys.has(name.substring(Caller.API_KEY.length()));
    }

    /** How the reading is. */
    public Loop loop() {
        return loop;
    }

    /** Begins to read when there is a server: a process that answers nobody lets nobody in. */
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

    private @Nullable Verification judge(String text) {
        if (!ApiKeyText.isMeant(text)) {
            return null;
        }
        KnownKeys keys = known;
        return keys == null ? new Invalid(Reason.KEYS_UNAVAILABLE) : keys.verify(text, clock.instant());
    }

    private void run(SupervisedLoop self) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer("api-keys"))) {
            current = consumer;
            KeyTopic topic = KeyTopic.begin(consumer);
            while (topic == null && !self.isStopping()) {
                // Services make the topics when they start.
                self.succeeded();
                self.pause(TOPIC_PAUSE_MS);
                topic = KeyTopic.begin(consumer);
            }
            if (topic != null) {
                follow(self, topic);
            }
        } catch (WakeupException e) {
            // It stops.
            return;
        } finally {
            current = null;
        }
    }

    /**
     * Reads everything anew each time, because a revocation that was missed may have been compacted away. What was known before
     * and is not there any more was revoked meanwhile.
     */
    private void follow(SupervisedLoop self, KeyTopic topic) {
        KnownKeys reading = new KnownKeys();
        while (!self.isStopping()) {
            boolean isNews = known == reading;
            topic.poll(POLL, reading, key -> {
                if (isNews) {
                    tell(key);
                }
            });
            if (!isNews && topic.isCaughtUp()) {
                KnownKeys before = known;
                // First: a stream that a listener does not find yet asks for its key once more.
                known = reading;
                if (before != null) {
                    before.voidIn(reading).forEach(this::tell);
                }
            }
            self.succeeded();
        }
    }

    private void tell(ApiKey revoked) {
        listeners.forEach(listener -> listener.accept(revoked.subject()));
    }
}
