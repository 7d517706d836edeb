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
import io.tailrace.kit.consume.Condition;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * Whether new streams should come to this edge: not when it drains, and not when its tailer has ended. How the
 * threads are that read is shown beside it. Partitions that
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
        boolean tailing = !(tailer.loop().condition() instanceof Condition.Stopped);
        boolean up = !slots.isDraining() && tailing;
        TailStats stats = tailer.stats();
        return Publishers.just(HealthResult.builder("edge", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(Map.of(
                        "streams", slots.taken(),
                        "draining", slots.isDraining(),
                        "tailer", tailing,
                        "partitions", stats.partitions(),
                        "partitions_unavailable", stats.unavailable()))
                .build());
    }
}
