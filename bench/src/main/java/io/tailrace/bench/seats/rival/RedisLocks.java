package io.tailrace.bench.seats.rival;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A lock in Redis for each seat ({@code SET NX PX}, released by a script that compares the owner), then the row. All locks
 * of a hold go to Redis in one write, and so does their release, which nobody waits for.
 */
@Singleton
final class RedisLocks implements SeatStore {
    private static final long LOCK_MS = 10_000;
    private static final int ATTEMPTS = 20;
    private static final int PAUSE_MS = 3;
    private static final String RELEASE =
            "for i, k in ipairs(KEYS) do if redis.call('get', k) == ARGV[1] then redis.call('del', k) end end return 1";

    private final SeatTables tables;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> redis;
    private final String release;

    RedisLocks(SeatTables tables, @Value("${tailrace.redis.url}") String url) {
        this.tables = tables;
        this.client = RedisClient.create(url);
        this.redis = client.connect();
        this.release = redis.sync().scriptLoad(RELEASE);
    }

    @Override
    public boolean hold(Holding holding) throws SQLException {
        // No connection is kept while a lock is waited for: the pool is smaller than the crowd.
        try (Connection connection = tables.connection()) {
            SeatTables.Look look = tables.look(connection, holding);
            if (look != SeatTables.Look.FREE) {
                return look == SeatTables.Look.MINE;
            }
        }
        String owner = UUID.randomUUID().toString();
        String[] keys = holding.seats().stream()
                .map(seat -> "rival:" + holding.show() + ":" + seat)
                .toArray(String[]::new);
        if (!lock(keys, owner)) {
            return false;
        }
        try (Connection connection = tables.connection()) {
            boolean free = tables.look(connection, holding) == SeatTables.Look.FREE;
            if (free) {
                tables.write(connection, holding);
            }
            return free;
        } finally {
            var unused = redis.async().evalsha(release, ScriptOutputType.INTEGER, keys, owner);
        }
    }

    /** All locks, within a bounded number of attempts; whoever has one of them is done in a few milliseconds. */
    private boolean lock(String[] keys, String owner) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<RedisFuture<String>> answers = new ArrayList<>(keys.length);
            for (String key : keys) {
                answers.add(redis.async().set(key, owner, SetArgs.Builder.nx().px(LOCK_MS)));
            }
            boolean all = true;
            for (RedisFuture<String> answer : answers) {
                all &= "OK".equals(get(answer));
            }
            if (all) {
                return true;
            }
            var unused = redis.async().evalsha(release, ScriptOutputType.INTEGER, keys, owner);
            pause();
        }
        return false;
    }

    private static String get(RedisFuture<String> answer) {
        try {
            return String.valueOf(answer.get(5, TimeUnit.SECONDS));
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("Redis does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1, PAUSE_MS + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @PreDestroy
    void close() {
        redis.close();
        client.shutdown();
    }
}
