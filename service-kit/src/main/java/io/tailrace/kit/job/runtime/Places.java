package io.tailrace.kit.job.runtime;

import io.tailrace.kit.job.attempt.ReleasedJob;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Which attempts there are in this process, and who is meant by a command or a job. Thread-safe. */
final class Places {
    private final Set<Place> live = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<UUID, Place> byCommand = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<UUID, Place> byJob = new ConcurrentHashMap<>();

    /**
     * An attempt, and the place that it holds.
     *
     * @param places where the place was taken and is given back
     * @param runner runs it once its start is answered
     * @param begunMs when its start was first written
     */
    record Place(Attempt attempt, Semaphore places, Attempts.Runner runner, long begunMs) {}

    /** All of them. */
    Set<Place> all() {
        return live;
    }

    int size() {
        return live.size();
    }

    @Nullable
    Place ofCommand(UUID id) {
        return byCommand.get(id);
    }

    @Nullable
    Place ofJob(UUID id) {
        return byJob.get(id);
    }

    /** Adds one before its start is written, so that no answer can be missed; returns an earlier one of the same job. */
    @Nullable
    Place add(Place place) {
        live.add(place);
        byCommand.put(place.attempt().startId(), place);
        return byJob.put(place.attempt().job().id(), place);
    }

    /** A command is about it, whose refusal is waited for. */
    void waitFor(UUID command, Place place) {
        byCommand.put(command, place);
    }

    /** Nobody waits for the answer to a command any longer. */
    void forget(@Nullable UUID command) {
        if (command != null) {
            byCommand.remove(command);
        }
    }

    /** It is done, and its place is free. */
    void remove(Place place) {
        Attempt attempt = place.attempt();
        forget(attempt.startId());
        forget(attempt.signId());
        byJob.remove(attempt.job().id(), place);
        live.remove(place);
        place.places().release();
        synchronized (this) {
            notifyAll();
        }
    }

    /** What is known of this release of a job; see {@link Attempts#known}. */
    @Nullable
    CompletableFuture<Void> known(ReleasedJob job) {
        Place place = byJob.get(job.id());
        if (place == null || place.attempt().job().token() < job.token()) {
            return null;
        }
        return place.attempt().job().token() == job.token()
                ? place.attempt().settled()
                // A later one is here: this one is stale.
                : CompletableFuture.completedFuture(null);
    }

    /** Waits until there are none; returns whether there are none. */
    synchronized boolean awaitNone(Duration timeout) throws InterruptedException {
        long untilNs = System.nanoTime() + timeout.toNanos();
        while (!live.isEmpty()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(untilNs - System.nanoTime());
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }
}
