package io.tailrace.ingest.lease;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The numbers of leases over HTTP. Thread-safe. */
final class LeaseMeters {
    private final Counter granted;
    private final Counter dropped;
    private final Counter handedBack;
    private final Counter others;
    private final Counter unreadable;

    LeaseMeters(MeterRegistry registry, LeaseWaits waits) {
        granted = counter(registry, "granted", "Leases that were given to workers");
        dropped = counter(
                registry, "dropped", "Released jobs whose start was refused: cancelled, paused or released anew");
        handedBack = counter(
                registry, "handed.back", "Jobs that were handed back because nobody waited for them any longer");
        others = counter(registry, "others", "Released jobs of other types, which were passed over");
        unreadable = counter(registry, "unreadable", "Records that are no released jobs, and were passed over");
        Gauge.builder("tailrace.leases.waiting", waits, LeaseWaits::size)
                .description("Requests for leases that wait")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String what, String description) {
        return Counter.builder("tailrace.leases." + what)
                .description(description)
                .register(registry);
    }

    void granted() {
        granted.increment();
    }

    void dropped() {
        dropped.increment();
    }

    void handedBack() {
        handedBack.increment();
    }

    void others() {
        others.increment();
    }

    void unreadable() {
        unreadable.increment();
    }
}
