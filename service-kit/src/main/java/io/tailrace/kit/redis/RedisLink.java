package io.tailrace.kit.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of a process to Redis: one connection, made at first use, and made again by itself. While Redis is away every call
 * fails at once. Thread-safe; a call blocks for {@link RedisSettings#timeout()} at most.
 */
@Singleton
@Requires(classes = RedisClient.class)
public final class RedisLink {
    /** The first pause before a broken connection is made again; pauses grow up to {@link RedisSettings#retryAfter()}. */
    private static final Duration RECONNECT_FIRST = Duration.ofMillis(1);

    private final RedisSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private @Nullable RedisClient client;
    private @Nullable ClientResources resources;
    private volatile long failedNs;
    private volatile boolean failed;

    /** A link that connects when it is first used. */
    public RedisLink(RedisSettings settings) {
        this.settings = settings;
    }

    /**
     * Asks Redis.
     *
     * @throws RedisAway if it cannot be reached, does not answer in time, or refuses
     */
    public <T> T call(Function<RedisCommands<String, String>, T> commands) {
        try {
            return commands.apply(connected().sync());
        } catch (RedisException e) {
            throw new RedisAway("Redis: " + e.getMessage(), e);
        }
    }

    /**
     * Makes another connection, for those who must not wait: its values are bytes. It comes back by itself when it breaks,
     * and ends with this link. Fails in the stage if Redis cannot be reached within {@link RedisSettings#timeout()}.
     */
    public CompletionStage<StatefulRedisConnection<String, byte[]>> connectBytes() {
        lock.lock();
        try {
            return client().connectAsync(
                            RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), RedisURI.create(settings.url()));
        } finally {
            lock.unlock();
        }
    }

    private StatefulRedisConnection<String, String> connected() {
        StatefulRedisConnection<String, String> present = connection;
        if (present != null) {
            return present;
        }
        if (failed && System.nanoTime() - failedNs < settings.retryAfter().toNanos()) {
            throw new RedisAway("Redis could not be reached just now", null);
        }
        lock.lock();
        try {
            StatefulRedisConnection<String, String> made = connection;
            if (made == null) {
                made = client().connect();
                connection = made;
            }
            return made;
        } catch (RedisException e) {
            failedNs = System.nanoTime();
            failed = true;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** To be called with the lock; waits for nothing. */
    private RedisClient client() {
        RedisClient present = client;
        if (present == null) {
            RedisURI uri = RedisURI.create(settings.url());
            uri.setTimeout(settings.timeout());
            ClientResources made = ClientResources.builder()
                    .reconnectDelay(Delay.fullJitter(RECONNECT_FIRST, longestPause(), 1, TimeUnit.MILLISECONDS))
                    .build();
            resources = made;
            present = RedisClient.create(made, uri);
            present.setOptions(ClientOptions.builder()
                    .autoReconnect(true)
                    .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                    .socketOptions(SocketOptions.builder()
                            .connectTimeout(settings.timeout())
                            .build())
                    .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                    .build());
            client = present;
        }
        return present;
    }

    /** Lettuce wants a range that is not empty. */
    private Duration longestPause() {
        Duration most = settings.retryAfter();
        return most.compareTo(RECONNECT_FIRST) > 0 ? most : RECONNECT_FIRST.plusMillis(1);
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            if (client != null) {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            }
            if (resources != null) {
                var unused = resources.shutdown(0, 1, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }
}
