package io.tailrace.search.query;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many searches run at the same moment. A few more wait their turn: a moment in which Elasticsearch is slow is then a
 * slow answer and not a refused one. Thread-safe.
 */
final class SearchSlots {
    private final Semaphore free;
    private final int maxWaiting;
    private final long timeoutNs;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Counter refused;

    SearchSlots(int slots, int maxWaiting, Duration timeout, MeterRegistry registry) {
        // Fair: who waits longest is next, and the last of a crowd does not run into the timeout while others overtake.
        this.free = new Semaphore(slots, true);
        this.maxWaiting = maxWaiting;
        this.timeoutNs = timeout.toNanos();
        this.refused = Counter.builder("tailrace.search.refused")
                .description("Searches that found all slots taken, and too many waiting or none free in time")
                .register(registry);
        Gauge.builder("tailrace.search.waiting", waiting, AtomicInteger::get)
                .description("Searches that wait for another one to end")
                .register(registry);
    }

    /**
     * Takes a slot, and waits for one if it must. Blocking.
     *
     * @return whether there was one; if so {@link #release()} has to follow
     */
    boolean acquire() {
        if (free.tryAcquire()) {
            return true;
        }
        boolean taken = waiting.incrementAndGet() <= maxWaiting && taken();
        waiting.decrementAndGet();
        if (!taken) {
            refused.increment();
        }
        return taken;
    }

    private boolean taken() {
        try {
            return free.tryAcquire(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // The server stops.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives a slot to whoever waits longest. */
    void release() {
        free.release();
    }
}
