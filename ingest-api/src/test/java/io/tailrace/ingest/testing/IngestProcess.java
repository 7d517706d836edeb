package io.tailrace.ingest.testing;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.ReservedPort;
import io.tailrace.ingest.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The service in a process of its own, to be killed. */
public final class IngestProcess implements AutoCloseable {
    private final ReservedPort reserved = ReservedPort.take();
    private final Process process;
    private final int port;

    /** Starts it with the settings of the test servers and others in their place; ready when it answers. */
    public IngestProcess(Map<String, Object> settings) {
        port = reserved.number();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", "")));
        TestIngest.settings(settings).forEach((name, value) -> {
            if (!name.equals("tailrace.http.port")) {
                command.add("-D" + name + "=" + value);
            }
        });
        command.add("-Dtailrace.http.port=" + port);
        command.add(Main.class.getName());
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of("target", "ingest-process.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.holds(
                "the process answers",
                () -> anonymous().get("/.well-known/jwks.json").status() == 200);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** A caller without a token. */
    public Http anonymous() {
        return new Http(port, null);
    }

    /** A caller with a token. */
    public Http with(String token) {
        return new Http(port, token);
    }

    /** {@code kill -9}; returns when it is dead. */
    public void kill() {
        process.destroyForcibly();
        Eventually.holds("the process is dead", () -> !process.isAlive());
    }

    /** {@code kill}, which is SIGTERM; returns when it has ended. */
    public void terminate() {
        process.destroy();
        Eventually.holds("the process has ended", () -> !process.isAlive());
    }

    @Override
    public void close() {
        kill();
        reserved.close();
    }
}
