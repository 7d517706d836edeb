package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@code ./tailrace} command of this repository, bound to one data folder. Thread-safe. */
public final class Launcher {
    private static final long COMMAND_LIMIT_S = 240;

    private final Path root;
    private final Path data;
    private final Map<String, String> environment;

    /** A launcher whose state lives in {@code data}. */
    public Launcher(Path data) {
        this(data, Map.of());
    }

    /** The same, with variables for everything that it starts. */
    public Launcher(Path data, Map<String, String> environment) {
        this.root = repositoryRoot();
        this.data = data;
        this.environment = Map.copyOf(environment);
    }

    /** One for the same data folder with further variables for what it starts. */
    public Launcher with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Launcher(data, all);
    }

    /**
     * What a command printed and how it ended.
     *
     * @param exitCode its exit code
     * @param out its standard output
     * @param err its standard error
     */
    public record Outcome(int exitCode, String out, String err) {}

    /** Runs a command to its end. */
    public Outcome run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("tailrace-out", ".txt");
        Path err = Files.createTempFile("tailrace-err", ".txt");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("./tailrace " + String.join(" ", arguments) + " did not end within "
                        + COMMAND_LIMIT_S + " s:\n" + Files.readString(out) + Files.readString(err));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (InterruptedException e) {
            process.destroy();
            throw e;
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    /** Runs a command that must succeed and gives what it printed. */
    public String mustRun(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(arguments);
        if (outcome.exitCode() != 0) {
            throw new IOException("./tailrace " + String.join(" ", arguments) + " ended with " + outcome.exitCode()
                    + "\n" + outcome.out() + outcome.err());
        }
        return outcome.out();
    }

    /** Starts a command that goes on by itself; its output goes to {@code log}. */
    public Process start(Path log, String... arguments) throws IOException {
        return builder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** The data folder. */
    public Path data() {
        return data;
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(root.resolve("tailrace").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("TAILRACE_DATA", data.toString());
        return builder;
    }

    private static Path repositoryRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(folder.resolve("tailrace"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("./tailrace is in no folder above the working directory");
            }
        }
        return folder;
    }
}
