package io.tailrace.kit.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a process to Redis: made at first use, and made again by itself. While Redis is away every call
 * fails at once. Thread-safe; a call blocks for {@link RedisSettings#timeout()} at most.
 */
@Singleton
@Requires(classes = RedisClient.class)
public final class RedisLink {
    private final RedisSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private @Nullable RedisClient client;
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
                made = connect();
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

    private StatefulRedisConnection<String, String> connect() {
        RedisClient present = client;
        if (present == null) {
            RedisURI uri = RedisURI.create(settings.url());
            uri.setTimeout(settings.timeout());
            present = RedisClient.create(uri);
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
        return present.connect();
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            if (client != null) {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            }
        } finally {
            lock.unlock();
        }
    }
}
