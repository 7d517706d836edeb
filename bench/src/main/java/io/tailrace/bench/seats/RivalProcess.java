package io.tailrace.bench.seats;

import io.tailrace.bench.seats.rival.RivalMain;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What Tailrace is compared with, in a JVM with the options of Tailrace's own, on the same PostgreSQL and Redis. */
final class RivalProcess implements AutoCloseable {
    private static final long START_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;
    private final String origin;

    RivalProcess(Stand stand) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        origin = "http://127.0.0.1:" + port;
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms16m",
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RivalMain.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(stand.environment());
        builder.environment().put("TAILRACE_HTTP_PORT", String.valueOf(port));
        process = builder.start();
        awaitReady();
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpRequest probe = HttpRequest.newBuilder(URI.create(origin + "/none")).build();
        long deadline = System.nanoTime() + START_TIMEOUT_NS;
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    // Whatever it says about what is not there: it answers.
                    var unused = http.send(probe, HttpResponse.BodyHandlers.discarding());
                    return;
                } catch (IOException e) {
                    if (!process.isAlive() || System.nanoTime() > deadline) {
                        close();
                        throw new IOException("what Tailrace is compared with did not start", e);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    String origin() {
        return origin;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
