package io.tailrace.systemtests.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code examples/series-source} in a virtual environment of its own under {@code target}, as a process that can be killed. */
public final class SeriesSource implements AutoCloseable {
    private static final Path EXAMPLE =
            Path.of("..", "examples", "series-source").toAbsolutePath().normalize();
    private static final Pattern LISTENING = Pattern.compile("listening at \\S+:([0-9]+)");
    private static final long LIMIT_S = 300;

    private final Process process;
    private final BufferedReader output;
    private final int port;

    private SeriesSource(Process process) throws IOException {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        String line;
        while ((line = output.readLine()) != null) {
            said.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                port = Integer.parseInt(listening.group(1));
                return;
            }
        }
        throw new IOException("the source has ended before it listened\n" + said);
    }

    /** Starts it at a port that is free, with twenty readings a second. */
    public static SeriesSource start() throws IOException, InterruptedException {
        return start(0);
    }

    /** Starts it at a port, that of one which was killed. */
    public static SeriesSource start(int port) throws IOException, InterruptedException {
        Path python = install();
        return new SeriesSource(new ProcessBuilder(List.of(
                        python.toString(),
                        "-B",
                        "source.py",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--rate",
                        "20"))
                .directory(EXAMPLE.toFile())
                .redirectErrorStream(true)
                .start());
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        output.close();
    }

    /** What the lock says, and nothing else; it is kept until the lock changes. */
    private static Path install() throws IOException, InterruptedException {
        Path folder =
                Files.createDirectories(Path.of("target", "series-source")).toAbsolutePath();
        Path python = folder.resolve("venv/bin/python");
        Path lock = EXAMPLE.resolve("requirements.txt");
        Path installed = folder.resolve("installed.txt");
        if (Files.exists(installed) && Files.mismatch(lock, installed) == -1) {
            return python;
        }
        try {
            mustRun(
                    folder,
                    "python3",
                    "-m",
                    "venv",
                    "--clear",
                    folder.resolve("venv").toString());
        } catch (IOException e) {
            throw new IOException(
                    "this test needs Python 3.10 or later with venv: install it (Debian: python3, python3-venv)", e);
        }
        mustRun(folder, python.toString(), "-m", "pip", "install", "-q", "--require-hashes", "-r", lock.toString());
        Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        return python;
    }

    private static void mustRun(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("install.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed\n" + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
