package io.tailrace.dispatcher;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** The few beans that are not classes of their own. */
@Factory
final class DispatcherFactory {
    @Singleton
    ProcessEnd processEnd() {
        return ProcessEnd.ofThisJvm();
    }

    @Singleton
    MeterFilter storeMetricsFilter() {
        return new StoreMetricsFilter();
    }
}
