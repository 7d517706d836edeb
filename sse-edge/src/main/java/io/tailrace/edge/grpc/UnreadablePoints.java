package io.tailrace.edge.grpc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the events that {@code Watch} has passed over because they are no points, and logs one of them a minute at most: each such event reaches
 * each call of its metric, and whoever may publish on the channel can send as many as they like. Thread-safe.
 */
@Singleton
final class UnreadablePoints {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadablePoints.class);
    private static final long LOG_EVERY_MS = TimeUnit.MINUTES.toMillis(1);

    private final Counter passedOver;
    private final LongSupplier clock;
    private boolean logged;
    private long loggedAtMs;
    private long unlogged;

    @Inject
    UnreadablePoints(MeterRegistry meters) {
        this(meters, MonotonicTime::nowMs);
    }

    /** With a clock in milliseconds that does not go back. */
    UnreadablePoints(MeterRegistry meters, LongSupplier clock) {
        this.passedOver = Counter.builder("tailrace.edge.watch.unreadable")
                .description("Events that calls of Watch have passed over because they are no points")
                .register(meters);
        this.clock = clock;
    }

    /** A call has passed an event over. */
    void passedOver(String channel, IllegalArgumentException fault) {
        passedOver.increment();
        long others;
        synchronized (this) {
            long nowMs = clock.getAsLong();
            if (logged && nowMs - loggedAtMs < LOG_EVERY_MS) {
                unlogged++;
                return;
            }
            logged = true;
            loggedAtMs = nowMs;
            others = unlogged;
            unlogged = 0;
        }
        LOG.warn(
                "Watch has passed over an event of {}, and {} more since the last line about it",
                channel,
                others,
                fault);
    }
}
