package io.tailrace.kit.outbound.config;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;

/** Makes the one client of a process, in services that have its libraries. */
@Factory
@Requires(classes = {OkHttpClient.class, CircuitBreaker.class})
final class OutboundFactory {
    @Singleton
    @Bean(preDestroy = "close")
    OutboundHttp outboundHttp(OutboundSettings settings, MeterRegistry registry) {
        return new OutboundHttp(
                settings.bounds(),
                settings.guard(),
                new OutboundHttp.Surroundings(
                        MonotonicTime::nowMs,
                        TimeUnit.MILLISECONDS::sleep,
                        RandomGenerator.getDefault(),
                        InstantSource.system()),
                registry);
    }
}
