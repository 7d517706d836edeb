package io.tailrace.dispatcher;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.tailrace.dispatcher.RunningApplication.Liveness;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import org.reactivestreams.Publisher;

/** Ready is: every Streams application is running, with all of its threads. While tasks move between instances it is not. */
@Readiness
@Singleton
final class StreamsHealth implements HealthIndicator {
    private final Dispatcher dispatcher;

    StreamsHealth(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Liveness> applications = dispatcher.applications();
        boolean runs = !applications.isEmpty() && applications.values().stream().allMatch(Liveness::isWell);
        Map<String, Object> details = new TreeMap<>();
        applications.forEach((id, application) -> details.put(id, describe(application)));
        return Publishers.just(HealthResult.builder("kafkaStreams", runs ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build());
    }

    private static Map<String, Object> describe(Liveness application) {
        return Map.of("state", application.state(), "threads", application.threads() + " of " + application.wanted());
    }
}
