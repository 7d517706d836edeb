package io.tailrace.ingest.testing;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.function.Function;
import redis.embedded.RedisServer;

/** A real Redis server; it dies with the JVM. Thread-safe. */
public final class TestRedis implements AutoCloseable {
    private static final class Shared {
        static final TestRedis REDIS = new TestRedis();
    }

    private final int port = freePort();
    private RedisServer server;

    /** Starts a server of its own. */
    public TestRedis() {
        server = start(port);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** The one that most tests of this JVM share. */
    public static TestRedis shared() {
        return Shared.REDIS;
    }

    /** Where it is. */
    public String url() {
        return "redis://127.0.0.1:" + port;
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
    public synchronized void close() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again, empty, at the same port. */
    public synchronized void restart() {
        server = start(port);
    }

    private static RedisServer start(int port) {
        try {
            RedisServer started = RedisServer.newRedisServer()
                    .port(port)
                    .setting("bind 127.0.0.1")
                    .setting("save \"\"")
                    .setting("maxmemory 64mb")
                    .build();
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
