package io.tailrace.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/** Redis as a child of this JVM. */
final class EmbeddedRedis implements Server {
    private final ReservedPort port = ReservedPort.take();
    private @Nullable RedisServer server;

    EmbeddedRedis() {
        start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port.number();
    }

    @Override
    public synchronized void stop() {
        RedisServer running = server;
        if (running == null) {
            return;
        }
        server = null;
        try {
            running.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            RedisServer started = RedisServer.newRedisServer()
                    .port(port.number())
                    .setting("bind 127.0.0.1")
                    .setting("save \"\"")
                    .setting("maxmemory 64mb")
                    .build();
            started.start();
            server = started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
