package io.tailrace.ingest.seat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** How many requests for seat maps are being answered: {@link SeatMapSettings#maxReaders()} at most. Thread-safe; never blocks. */
@Context
final class SeatMapReaders {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Semaphore places;
    private final Counter refused;
    private final Counter unchanged;

    SeatMapReaders(SeatMapSettings settings, MeterRegistry meters) {
        int most = settings.maxReaders();
        this.places = new Semaphore(most);
        this.refused = refused(meters, "readers");
        this.unchanged = Counter.builder("tailrace.seats.maps.unchanged")
                .description("Requests for seat maps that were answered 304, because the reader has it")
                .register(meters);
        Gauge.builder("tailrace.seats.maps.readers", () -> most - places.availablePermits())
                .description("Requests for seat maps that are being answered")
                .register(meters);
    }

    /**
     * Takes a place, to be given back by {@link #leave}.
     *
     * @throws ProblemException 503 if there is none
     */
    void enter() {
        if (!places.tryAcquire()) {
            refused.increment();
            throw ProblemException.unavailable("Too many seat maps are being read", RETRY_AFTER, null);
        }
    }

    /** Gives a place back. */
    void leave() {
        places.release();
    }

    /** Counts a reader who has the map already. */
    void unchanged() {
        unchanged.increment();
    }

    static Counter refused(MeterRegistry meters, String reason) {
        return Counter.builder("tailrace.seats.maps.refused")
                .description("Requests for seat maps that were answered 503, by what there was too much of")
                .tag("reason", reason)
                .register(meters);
    }
}
