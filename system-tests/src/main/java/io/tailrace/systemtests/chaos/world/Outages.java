package io.tailrace.systemtests.chaos.world;

import io.tailrace.systemtests.chaos.schedule.Fault;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.ServiceProcess;
import io.tailrace.systemtests.platform.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Kills, freezes and restarts processes; those of one part one after the other. Thread-safe. */
public final class Outages implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final long ALIVE_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MS = 250;

    private final Platform platform;
    private final Map<Fault.Part, ServiceProcess> services;
    private final Map<Fault.Part, ExecutorService> turns = new EnumMap<>(Fault.Part.class);
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    /** Outages of a platform of which some services are processes that nobody else starts again. */
    public Outages(Platform platform, Map<Fault.Part, ServiceProcess> services) {
        this.platform = platform;
        this.services = Map.copyOf(services);
        for (Fault.Part part : Fault.Part.values()) {
            turns.put(part, Executors.newSingleThreadExecutor(Thread.ofVirtual().factory()));
        }
    }

    /** Something that takes its time and may fail. */
    @FunctionalInterface
    private interface Outage {
        void happen() throws IOException, InterruptedException;
    }

    /** SIGKILL, and a new start after {@code downMs} where nobody else sees to it. */
    public void kill(Fault.Part part, long downMs) {
        inTurn(part, () -> {
            ServiceProcess service = services.get(part);
            if (service == null) {
                ProcessHandle.of(alive(part)).ifPresent(ProcessHandle::destroyForcibly);
            } else {
                service.kill9();
                TimeUnit.MILLISECONDS.sleep(downMs);
                service.start(READY);
            }
        });
    }

    /** SIGSTOP, and SIGCONT after a while. */
    public void freeze(Fault.Part part, long forMs) {
        inTurn(part, () -> {
            long pid = alive(part);
            Signals.send("-STOP", pid);
            try {
                TimeUnit.MILLISECONDS.sleep(forMs);
            } finally {
                Signals.send("-CONT", pid);
            }
        });
    }

    /** SIGTERM, the drain, and a new start. */
    public void restart(Fault.Part part) {
        inTurn(part, () -> {
            ServiceProcess service = services.get(part);
            if (service == null) {
                throw new IllegalArgumentException(part + " is no service that is started here");
            }
            if (!service.stop()) {
                failures.add(part + " did not end after SIGTERM");
            }
            service.start(READY);
        });
    }

    /** Waits until everything that was asked for has happened, and what was started again is ready. Gives what went wrong. */
    public List<String> await(Duration limit) throws InterruptedException {
        turns.values().forEach(ExecutorService::shutdown);
        for (Map.Entry<Fault.Part, ExecutorService> turn : turns.entrySet()) {
            if (!turn.getValue().awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                failures.add(turn.getKey() + ": its outages did not end within " + limit);
            }
        }
        return List.copyOf(failures);
    }

    private void inTurn(Fault.Part part, Outage outage) {
        var unused = Objects.requireNonNull(turns.get(part)).submit(() -> {
            try {
                outage.happen();
            } catch (IOException | RuntimeException e) {
                failures.add(part + ": " + e);
            } catch (InterruptedException e) {
                // The run is over.
            }
        });
    }

    private long alive(Fault.Part part) throws IOException, InterruptedException {
        ServiceProcess service = services.get(part);
        if (service != null) {
            return service.pid();
        }
        String name = part == Fault.Part.BROKER ? "kafka" : "event-dispatcher";
        long deadline = System.nanoTime() + ALIVE_LIMIT_NS;
        while (System.nanoTime() < deadline) {
            long pid = platform.pidOf(name);
            if (pid > 0 && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                return pid;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        throw new IOException(name + " was not started again");
    }

    /** Ends what is under way. What is frozen goes on. */
    @Override
    public void close() throws InterruptedException {
        turns.values().forEach(ExecutorService::shutdownNow);
        for (ExecutorService turn : turns.values()) {
            if (!turn.awaitTermination(10, TimeUnit.SECONDS)) {
                System.err.println("chaos: an outage does not end");
            }
        }
    }
}
