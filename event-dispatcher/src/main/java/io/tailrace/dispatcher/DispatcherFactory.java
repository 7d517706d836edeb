package io.tailrace.dispatcher;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micronaut.context.annotation.Factory;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.kit.consume.LoopHealth;
import jakarta.inject.Singleton;

/** The few beans that are not classes of their own. */
@Factory
final class DispatcherFactory {
    @Singleton
    ProcessEnd processEnd() {
        return ProcessEnd.ofThisJvm();
    }

    @Singleton
    HealthIndicator dispatcherLoops(Dispatcher dispatcher) {
        return new LoopHealth("dispatcher-loops", dispatcher.loops());
    }

    @Singleton
    MeterFilter storeMetricsFilter() {
        return new StoreMetricsFilter();
    }
}
