package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.platform.AnswersStandIn;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The JavaScript packages, installed as their lock file says, with all of their own tests. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class JavaScriptClientsTest {
    private static final Path CLIENTS = Path.of("..", "clients");
    private static final Path COPY = Path.of("target", "clients").toAbsolutePath();

    /** What one of the tests holds against the types. */
    private static final Path REFERENCE = Path.of("..", "docs", "reference", "javascript");

    private static final Set<String> MADE = Set.of("node_modules", "types", "python");
    private static final long LIMIT_S = 500;

    @Test
    @Timeout(value = 18, unit = TimeUnit.MINUTES)
    void their_tests_pass_against_a_real_tailrace(Platform platform) throws Exception {
        copy(CLIENTS, COPY);
        copy(REFERENCE, COPY.resolveSibling("docs").resolve("reference").resolve("javascript"));
        String token = platform.token(
                "javascript-clients",
                "--publish",
                "news:*",
                "--publish",
                "logs:js:*",
                "--subscribe",
                "logs:js:*",
                "--job",
                "webhook",
                "--role",
                "worker",
                "--job",
                "js.*");
        // Files and answers are for people with an account.
        Map<String, String> environment = Map.of(
                "TAILRACE_URL",
                platform.origin(),
                "TAILRACE_TOKEN",
                token,
                "TAILRACE_PERSON_TOKEN",
                platform.token(UUID.randomUUID().toString()),
                "TAILRACE_MODEL",
                AnswersStandIn.MODEL);
        run(Map.of(), List.of("npm", "ci", "--no-audit", "--no-fund"));
        run(Map.of(), List.of("npm", "run", "types"));
        // As `npm test`, but side by side: mostly they wait.
        run(environment, List.of("npm", "run", "test:unit"), List.of("npm", "run", "test:react"));
    }

    /** Commands at the same time, each to its end. */
    @SafeVarargs
    private static void run(Map<String, String> environment, List<String>... commands) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> ends = new ArrayList<>();
            for (List<String> command : commands) {
                ends.add(threads.submit(() -> {
                    run(command, environment);
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }

    private static void run(List<String> command, Map<String, String> environment) throws Exception {
        String name = command.contains("run") ? command.getLast().replace(':', '-') : command.get(1);
        Path output = COPY.resolve(name + ".log");
        ProcessBuilder npm = new ProcessBuilder(command)
                .directory(COPY.resolve("javascript").toFile())
                // Node.js makes what it inherits non-blocking, and the pipes of this JVM are the runner's.
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        npm.environment().putAll(environment);
        Process process = npm.start();
        try {
            assertThat(process.waitFor(LIMIT_S, TimeUnit.SECONDS))
                    .as("%s ends in time: %s", command, output)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", command, Files.readString(output))
                    .isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    /** The sources, so that nothing is made where they are. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (MADE.contains(folder.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
