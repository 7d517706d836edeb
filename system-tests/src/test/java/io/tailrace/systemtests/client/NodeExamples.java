package io.tailrace.systemtests.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The programs of {@code examples} for Node.js and React, copied under {@code target} and installed as their lock says. Stateless. */
public final class NodeExamples {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path COPY = Path.of("target", "node-examples").toAbsolutePath();
    private static final Path EXAMPLES = COPY.resolve("examples");
    private static final Set<String> MADE =
            Set.of("node_modules", "dist", "types", "flask-service", "series-source", "curl", "test", "bench");
    private static final long LIMIT_S = 180;

    private NodeExamples() {}

    /** Installs them and builds the pages. */
    public static void build() throws IOException, InterruptedException {
        copy("examples");
        copy("clients/javascript/packages");
        mustRun("npm", "ci", "--no-audit", "--no-fund");
        mustRun("node", "micro-frontends/build.js");
    }

    /** Serves the pages as {@code examples/run.sh micro-frontends} does, and gives the process when it listens at {@code port}. */
    public static Running serve(int port, Map<String, String> environment) throws IOException {
        return new Running(
                environment,
                List.of(
                        "node",
                        "node_modules/vite/bin/vite.js",
                        "preview",
                        "micro-frontends",
                        "--strictPort",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port)));
    }

    /** Starts a script, named as in {@code examples}. */
    public static Running start(String script, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return new Running(environment, command);
    }

    /** A process of an example, and the lines that it has written so far. Thread-safe. */
    public static final class Running implements AutoCloseable {
        private final Process process;
        private final Thread reader;
        private final List<String> lines = new ArrayList<>();

        private Running(Map<String, String> environment, List<String> command) throws IOException {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(EXAMPLES.toFile()).redirectErrorStream(true);
            builder.environment().put("NO_COLOR", "1");
            builder.environment().putAll(environment);
            process = builder.start();
            reader = Thread.ofVirtual().start(this::read);
        }

        /** The first line of which this is true. */
        public synchronized Optional<String> line(Predicate<String> wanted) {
            return lines.stream().filter(wanted).findFirst();
        }

        /** All that it has written. */
        public synchronized String output() {
            return String.join("\n", lines);
        }

        private void read() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                String line;
                while ((line = output.readLine()) != null) {
                    keep(line);
                }
            } catch (IOException e) {
                // The process was ended.
            }
        }

        private synchronized void keep(String line) {
            lines.add(line);
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(Duration.ofSeconds(10))) {
                process.destroyForcibly().waitFor();
            }
            reader.join();
        }
    }

    private static void mustRun(String... command) throws IOException, InterruptedException {
        Path output = COPY.resolve(command[0] + ".log");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(EXAMPLES.toFile())
                    // Node.js makes what it inherits non-blocking, and the pipes of this JVM are the runner's.
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "this test needs Node.js 20.19 or later with npm: install it (Debian: nodejs, npm)", e);
        }
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed\n" + Files.readString(output));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    /** The sources, so that nothing is made where they are. */
    private static void copy(String folder) throws IOException {
        Path from = REPOSITORY.resolve(folder);
        Path to = COPY.resolve(folder);
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                if (MADE.contains(each.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(each)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
