package io.tailrace.systemtests.client;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** Runs the tests of {@code clients/python} in a virtual environment of their own. Stateless. */
public final class PythonTests {
    private static final long INSTALL_LIMIT_S = 300;
    private static final long TEST_LIMIT_S = 500;
    private static final Path CLIENT =
            Path.of("..", "clients", "python").toAbsolutePath().normalize();

    private PythonTests() {}

    /**
     * How the tests ended.
     *
     * @param exitCode pytest's exit code
     * @param output what it wrote
     */
    public record Outcome(int exitCode, String output) {
        /** Its last line, which counts the tests. */
        public String lastLine() {
            return output.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second);
        }
    }

    /**
     * Runs all tests, those against the Tailrace that {@code environment} names included: every other file in one process and the
     * rest in another beside it, because mostly they wait.
     */
    public static List<Outcome> run(Map<String, String> environment) throws Exception {
        Path python = install();
        List<List<String>> commands = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            commands.add(
                    new ArrayList<>(List.of(python.toString(), "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider")));
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(CLIENT.resolve("tests"), "test_*.py")) {
            int next = 0;
            for (Path file : new TreeSet<>(
                    StreamSupport.stream(files.spliterator(), false).toList())) {
                commands.get(next++ % commands.size()).add(file.toString());
            }
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> running = commands.stream()
                    .map(command -> threads.submit(() -> command(TEST_LIMIT_S, environment, command)))
                    .toList();
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> each : running) {
                outcomes.add(each.get());
            }
            return outcomes;
        }
    }

    /** A virtual environment under {@code target} that has exactly what the lock says; it is kept until the lock changes. */
    private static Path install() throws IOException, InterruptedException {
        Path folder =
                Files.createDirectories(Path.of("target", "python-client")).toAbsolutePath();
        Path python = folder.resolve("venv/bin/python");
        Path lock = CLIENT.resolve("requirements-dev.txt");
        Path installed = folder.resolve("installed.txt");
        if (Files.exists(installed) && Files.mismatch(lock, installed) == -1) {
            return python;
        }
        try {
            mustRun("python3", "-m", "venv", "--clear", folder.resolve("venv").toString());
        } catch (IOException e) {
            throw new IOException(
                    "this test needs Python 3.10 or later with venv: install it (Debian: python3, python3-venv)", e);
        }
        mustRun(python.toString(), "-m", "pip", "install", "-q", "--require-hashes", "-r", lock.toString());
        Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        return python;
    }

    private static void mustRun(String... command) throws IOException, InterruptedException {
        Outcome outcome = command(INSTALL_LIMIT_S, Map.of(), List.of(command));
        if (outcome.exitCode() != 0) {
            throw new IOException(
                    String.join(" ", command) + " ended with " + outcome.exitCode() + "\n" + outcome.output());
        }
    }

    private static Outcome command(long limitS, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("python", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(CLIENT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(limitS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " did not end within " + limitS + " s\n"
                        + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
