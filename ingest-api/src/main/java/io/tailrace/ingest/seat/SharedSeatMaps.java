package io.tailrace.ingest.seat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.seat.Show;
import io.tailrace.ingest.seat.MapMemory.Held;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The bytes of seat maps, made once for all who read the same state of a show. Thread-safe; blocks while they are made,
 * for at most {@link SeatMapSettings#buildWait()}.
 */
@Context
class SharedSeatMaps {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final String NOT_MADE = "The seat map could not be made";

    private final SeatMaps maps;
    private final MapMemory memory;
    private final Semaphore builders;
    private final long waitNs;
    private final ConcurrentHashMap<UUID, CompletableFuture<Void>> building = new ConcurrentHashMap<>();
    private final Counter noRoom;
    private final Counter tooSlow;

    SharedSeatMaps(SeatMaps maps, SeatMapSettings settings, MeterRegistry meters) {
        this.maps = maps;
        this.memory = new MapMemory(settings.maxBytes(), settings.maxAge().toNanos());
        this.builders = new Semaphore(settings.builds());
        this.waitNs = settings.buildWait().toNanos();
        this.noRoom = SeatMapReaders.refused(meters, "memory");
        this.tooSlow = SeatMapReaders.refused(meters, "builds");
        Gauge.builder("tailrace.seats.maps.bytes", memory, MapMemory::used)
                .description("Bytes of seat maps that are held, made or written")
                .register(meters);
    }

    /**
     * A map that is at least as new as {@code wanted}; to be given back by {@link #release}.
     *
     * @throws ProblemException 503 if there is no room for it, or it could not be made in time
     */
    Held get(Show show, SeatMapVersion wanted) {
        long deadlineNs = System.nanoTime() + waitNs;
        Held held = memory.find(show.id(), wanted, System.nanoTime());
        while (held == null) {
            CompletableFuture<Void> own = new CompletableFuture<>();
            CompletableFuture<Void> present = building.putIfAbsent(show.id(), own);
            if (present == null) {
                held = build(show, own, deadlineNs);
                if (!held.bytes().version().isAtLeast(wanted)) {
                    // Redis went away meanwhile, and PostgreSQL has not come so far.
                    memory.release(held);
                    throw ProblemException.unavailable("The seat map is not there yet", RETRY_AFTER, null);
                }
            } else {
                await(present, deadlineNs);
                // What was made may be older than what is wanted: then it is made again.
                held = memory.find(show.id(), wanted, System.nanoTime());
            }
        }
        return held;
    }

    /** Whoever got a map needs it no longer. */
    void release(Held held) {
        memory.release(held);
    }

    private Held build(Show show, CompletableFuture<Void> own, long deadlineNs) {
        try {
            if (!builders.tryAcquire(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw tooSlow();
            }
            try {
                Held made = make(show);
                building.remove(show.id(), own);
                own.complete(null);
                return made;
            } finally {
                builders.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooSlow();
        } finally {
            // Where it failed: whoever waited for it is answered alike, and does not try the same in turn.
            building.remove(show.id(), own);
            own.completeExceptionally(ProblemException.unavailable(NOT_MADE, RETRY_AFTER, null));
        }
    }

    private Held make(Show show) {
        long reserved = SeatMapBytes.most(show);
        if (!memory.reserve(reserved)) {
            noRoom.increment();
            throw ProblemException.unavailable("Too many seat maps are being read", RETRY_AFTER, null);
        }
        SeatMapBytes made = null;
        try {
            made = SeatMapBytes.of(show, maps.taken(show.id()));
        } finally {
            if (made == null) {
                memory.cancel(reserved);
            }
        }
        return memory.put(show.id(), made, reserved, System.nanoTime());
    }

    private void await(CompletableFuture<Void> build, long deadlineNs) {
        try {
            build.get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooSlow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooSlow();
        } catch (ExecutionException e) {
            throw ProblemException.unavailable(NOT_MADE, RETRY_AFTER, e.getCause());
        }
    }

    private ProblemException tooSlow() {
        tooSlow.increment();
        return ProblemException.unavailable("The seat map takes too long to make", RETRY_AFTER, null);
    }
}
