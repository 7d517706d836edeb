package io.tailrace.bench.jobs.arm;

import io.tailrace.bench.jobs.board.StartBoard;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that runs jobs, in a JVM with the options of Tailrace's services. */
final class JobProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    /**
     * Starts it, and does not wait.
     *
     * @param variables of its environment, beside those of the stand
     */
    JobProcess(Stand stand, String name, String classPath, Class<?> main, Path board, Map<String, String> variables)
            throws IOException {
        log = stand.data().resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms16m",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath,
                        main.getName()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(stand.environment());
        builder.environment().put(StartBoard.VARIABLE, board.toString());
        builder.environment().putAll(variables);
        process = builder.start();
    }

    long pid() {
        return process.pid();
    }

    /** Sends a signal, as {@code kill} wants it. */
    void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill " + signal + " " + pid() + " ended with " + kill.exitValue());
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
