package io.tailrace.kit.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts writes by what the limits said. Thread-safe. */
final class LimitMeters {
    private final MeterRegistry registry;
    private final Counter alone;

    LimitMeters(MeterRegistry registry) {
        this.registry = registry;
        this.alone = Counter.builder("tailrace.limits.alone")
                .description("Writes for which Redis was to be asked and could not, so that this node decided alone")
                .register(registry);
    }

    /** A node decided alone about what should have been asked in Redis. */
    void alone() {
        alone.increment();
    }

    /** The counters of one kind of caller. */
    Outcomes outcomes(Allowance allowance) {
        return new Outcomes(counter(allowance, "allowed"), counter(allowance, "refused"));
    }

    private Counter counter(Allowance allowance, String outcome) {
        return Counter.builder("tailrace.limits.writes")
                .description("Writes by the kind of their caller and by what its limit said")
                .tag("caller", allowance.name())
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Writes that were allowed, and those that were not. */
    record Outcomes(Counter allowed, Counter refused) {
        void count(Ruling ruling) {
            (ruling.allowed() ? allowed : refused).increment();
        }
    }
}
