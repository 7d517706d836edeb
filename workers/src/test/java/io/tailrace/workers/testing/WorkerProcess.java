package io.tailrace.workers.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Workers as a process of their own, to be killed and frozen. */
public final class WorkerProcess implements AutoCloseable {
    private static final int SIGKILL_STATUS = 137;
    private static final long END_LIMIT_S = 120;

    private final Process process;
    private final Path log;

    private WorkerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one with this JVM's class path.
     *
     * @param folder takes what it prints
     * @param main its program
     */
    public static WorkerProcess start(Path folder, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        try {
            Path log = Files.createTempFile(folder, "worker-", ".log");
            return new WorkerProcess(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start(),
                    log);
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
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        int status = await();
        if (status != SIGKILL_STATUS) {
            throw new AssertionError("it had ended by itself with status " + status + ":\n" + output());
        }
    }

    /** SIGSTOP: it does nothing more until it is thawed, and does not know that. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill " + signal + " ended with " + kill.exitValue());
        }
    }

    /** SIGTERM. Returns the status with which it has ended. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return await();
    }

    private int await() throws InterruptedException {
        if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end within " + END_LIMIT_S + " s:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        var unused = await();
    }
}
