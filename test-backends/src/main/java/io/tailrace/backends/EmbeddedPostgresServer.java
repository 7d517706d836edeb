package io.tailrace.backends;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** PostgreSQL as a child of this JVM. */
final class EmbeddedPostgresServer implements Server {
    /** The library's own is ten seconds, which a busy machine needs. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

    private final Path data;
    private final ReservedPort port = ReservedPort.take();
    private @Nullable EmbeddedPostgres server;

    EmbeddedPostgresServer() {
        try {
            data = Files.createTempDirectory("tailrace-test-postgres");
            server = builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException("the test PostgreSQL does not start", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port.number();
    }

    @Override
    public synchronized void stop() {
        EmbeddedPostgres running = server;
        if (running == null) {
            return;
        }
        server = null;
        try {
            running.close();
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
            server = builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        Folder.delete(data);
    }

    private EmbeddedPostgres.Builder builder() {
        // Stopping keeps the data, so that a restart finds them.
        return EmbeddedPostgres.builder()
                .setPort(port.number())
                .setPGStartupWait(START_TIMEOUT)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "200");
    }
}
