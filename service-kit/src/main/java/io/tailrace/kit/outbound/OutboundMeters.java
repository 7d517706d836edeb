package io.tailrace.kit.outbound;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The numbers of outbound requests. The purposes of requests are few; hosts are no tags, because people name them. */
final class OutboundMeters {
    private final MeterRegistry registry;

    OutboundMeters(MeterRegistry registry, Semaphore calls, int maxCalls, HostGates gates) {
        this.registry = registry;
        Gauge.builder("tailrace.outbound.calls", calls, free -> maxCalls - free.availablePermits())
                .description("Attempts of outbound requests that are under way")
                .register(registry);
        Gauge.builder("tailrace.outbound.hosts", gates, HostGates::size)
                .description("Hosts whose failures are remembered")
                .register(registry);
        Gauge.builder("tailrace.outbound.circuits.open", gates, HostGates::open)
                .description("Hosts that failed too often and are left alone")
                .register(registry);
    }

    void ended(OutboundRequest request, OutboundOutcome outcome, long tookMs) {
        registry.timer("tailrace.outbound.requests", "purpose", request.purpose(), "outcome", name(outcome))
                .record(tookMs, TimeUnit.MILLISECONDS);
    }

    void repeated(OutboundRequest request) {
        registry.counter("tailrace.outbound.retries", "purpose", request.purpose())
                .increment();
    }

    private static String name(OutboundOutcome outcome) {
        return switch (outcome) {
            case Answered answered -> answered.status() / 100 + "xx";
            case Failed failed -> failed.reason().name().toLowerCase(Locale.ROOT);
        };
    }
}
