package io.tailrace.backends;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.function.Function;

/** A real Redis server; it dies with the JVM. Thread-safe. */
public final class TestRedis implements AutoCloseable {
    private static final class Shared {
        static final TestRedis REDIS = new TestRedis();
    }

    private final Server server;

    /** Starts a server of its own. */
    public TestRedis() {
        server = Backends.chosen().redis();
    }

    /** The one that most tests of this JVM share. */
    public static TestRedis shared() {
        return Shared.REDIS;
    }

    /** Where it is. */
    public String url() {
        return "redis://" + server.address();
    }

    /** Asks it. */
    public <T> T call(Function<RedisCommands<String, String>, T> commands) {
        try (RedisClient client = RedisClient.create(url());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return commands.apply(connection.sync());
        }
    }

    /** Stops it; what it holds is lost. */
    @Override
    public void close() {
        server.stop();
    }

    /** Starts it again, empty, at the same port. */
    public void restart() {
        server.start();
    }
}
