package io.tailrace.backends;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** PostgreSQL as a child of this JVM. */
final class EmbeddedPostgresServer implements Server {
    private final Path data;
    private final int port;
    private @Nullable EmbeddedPostgres server;

    EmbeddedPostgresServer() {
        try {
            data = Files.createTempDirectory("tailrace-test-postgres");
            EmbeddedPostgres started = builder().start();
            server = started;
            port = started.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException("the test PostgreSQL does not start", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
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
            server = builder().setPort(port).start();
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
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "200");
    }
}
