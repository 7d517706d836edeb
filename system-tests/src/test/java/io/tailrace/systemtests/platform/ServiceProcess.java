package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One service, started by {@code ./tailrace run SERVICE --port N}. Not thread-safe. */
public final class ServiceProcess {
    private static final long STOP_LIMIT_S = 30;

    private final Launcher launcher;
    private final String service;
    private final int port;
    private @Nullable Process process;

    ServiceProcess(Launcher launcher, String service, int port) {
        this.launcher = launcher;
        this.service = service;
        this.port = port;
    }

    /** Its origin. */
    public String origin() {
        return "http://127.0.0.1:" + port;
    }

    /** Starts it, again on the same port, and waits until its readiness answers 200. */
    public void start(Duration limit) throws IOException, InterruptedException {
        Path log = launcher.data().resolve(service + "-" + port + ".log");
        Process started = launcher.start(log, "run", service, "--port", String.valueOf(port));
        process = started;
        try (HttpClient http = HttpClient.newHttpClient()) {
            long deadline = System.nanoTime() + limit.toNanos();
            while (!isReady(http)) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(service + " on port " + port + " is not ready; see " + log);
                }
                started.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** SIGKILL, to it and to what the launcher left between. */
    public void kill9() throws InterruptedException {
        Process running = process;
        if (running != null) {
            Stream.concat(running.descendants(), Stream.of(running.toHandle())).forEach(ProcessHandle::destroyForcibly);
            running.waitFor();
        }
    }

    /** SIGTERM, and SIGKILL if that does not end it. */
    public void stop() throws InterruptedException {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        running.destroy();
        if (!running.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
            kill9();
        }
    }

    private boolean isReady(HttpClient http) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(origin() + "/health/readiness"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
