package io.tailrace.edge.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.tailrace.edge.log.TailStats;
import io.tailrace.edge.log.Tailer;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * Whether new streams should come to this edge: not when it drains, and not when its tailer has died. Partitions that
 * can't be read do not make it unready: they can't be read from any other edge either.
 */
@Singleton
@Readiness
@Requires(beans = HealthEndpoint.class)
final class EdgeHealth implements HealthIndicator {
    private final ConnectionSlots slots;
    private final Tailer tailer;

    EdgeHealth(ConnectionSlots slots, Tailer tailer) {
        this.slots = slots;
        this.tailer = tailer;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        boolean up = !slots.isDraining() && tailer.isRunning();
        TailStats stats = tailer.stats();
        return Publishers.just(HealthResult.builder("edge", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(Map.of(
                        "streams", slots.taken(),
                        "draining", slots.isDraining(),
                        "tailer", tailer.isRunning(),
                        "partitions", stats.partitions(),
                        "partitions_unavailable", stats.unavailable()))
                .build());
    }
}
