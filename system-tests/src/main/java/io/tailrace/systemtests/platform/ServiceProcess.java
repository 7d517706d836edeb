package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One service, started by {@code ./tailrace run SERVICE --port N}. Not thread-safe. */
public final class ServiceProcess {
    /** After its drain of some seconds a JVM writes its class-data archive, which takes long where nobody has CPU to spare. */
    private static final long STOP_LIMIT_S = 90;

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
        begin();
        awaitReady(limit);
    }

    /** Waits until the readiness of what was started answers 200. */
    public void awaitReady(Duration limit) throws IOException, InterruptedException {
        Process started = Objects.requireNonNull(process, "it was not started");
        try (HttpClient http = HttpClient.newHttpClient()) {
            long deadline = System.nanoTime() + limit.toNanos();
            while (!isReady(http)) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(service + " on port " + port + " is not ready; see " + log());
                }
                started.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Starts it, again on the same port, and does not wait. */
    public void begin() throws IOException {
        process = launcher.start(log(), "run", service, "--port", String.valueOf(port));
    }

    /** Its process id; -1 if it was never started. */
    public long pid() {
        Process running = process;
        return running == null ? -1 : running.pid();
    }

    /** SIGKILL, to it and to what the launcher left between. */
    public void kill9() throws InterruptedException {
        Process running = process;
        if (running != null) {
            Stream.concat(running.descendants(), Stream.of(running.toHandle())).forEach(ProcessHandle::destroyForcibly);
            running.waitFor();
        }
    }

    /** SIGTERM, without waiting for what it does; no effect if it does not run. */
    public void beginToStop() {
        Process running = process;
        if (running != null) {
            running.destroy();
        }
    }

    /** SIGTERM, and SIGKILL if that does not end it; gives whether it did, or there was nothing to end. */
    public boolean stop() throws InterruptedException {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return true;
        }
        beginToStop();
        if (running.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
            return true;
        }
        kill9();
        return false;
    }

    private Path log() {
        return launcher.data().resolve(service + "-" + port + ".log");
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
