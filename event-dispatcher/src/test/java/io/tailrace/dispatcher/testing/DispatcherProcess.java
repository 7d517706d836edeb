package io.tailrace.dispatcher.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code event-dispatcher} as a process of its own, to be killed. */
public final class DispatcherProcess implements AutoCloseable {
    private static final int SIGKILL_STATUS = 137;
    private static final long END_LIMIT_S = 120;

    private final Process process;
    private final Path folder;
    private final Path log;

    private DispatcherProcess(Process process, Path folder, Path log) {
        this.process = process;
        this.folder = folder;
        this.log = log;
    }

    /** Starts it with this JVM's class path. */
    public static DispatcherProcess start(String bootstrap, Path stateDir, Map<String, String> environment) {
        try {
            Path folder = Scratch.folder("event-dispatcher-");
            Path log = folder.resolve("event-dispatcher.log");
            ProcessBuilder builder = new ProcessBuilder(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    // RocksDB unpacks its library there, and a process that is killed leaves it.
                    "-Djava.io.tmpdir=" + folder,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.tailrace.dispatcher.Main"));
            builder.environment().put("TAILRACE_KAFKA_BOOTSTRAP", bootstrap);
            builder.environment().put("TAILRACE_HTTP_PORT", "-1");
            builder.environment().put("TAILRACE_DISPATCHER_STATE_DIR", stateDir.toString());
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            return new DispatcherProcess(builder.start(), folder, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it printed so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL; nothing is flushed, closed or said goodbye to. */
    public void kill() {
        process.destroyForcibly();
        int status = await();
        if (status != SIGKILL_STATUS) {
            throw new AssertionError("it had ended by itself with status " + status + ":\n" + output());
        }
    }

    /** SIGTERM. Returns the status with which it ended. */
    public int terminate() {
        process.destroy();
        return await();
    }

    /** Waits for its end. */
    public int await() {
        try {
            if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError("it did not end within " + END_LIMIT_S + " s:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        var unused = await();
        Scratch.delete(folder);
    }
}
