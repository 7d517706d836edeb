package io.tailrace.workers.bridge;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.tailrace.kit.consume.LoopHealth;
import java.util.Map;
import java.util.TreeMap;
import org.reactivestreams.Publisher;

/**
 * How the bridges of this process are, in {@code /health}: how many of their metrics are in which state, without the addresses of sources. While one
 * of them cannot reach its source, the status is {@code DEGRADED}.
 */
final class BridgesHealth implements HealthIndicator {
    private final RunningBridges bridges;

    BridgesHealth(RunningBridges bridges) {
        this.bridges = bridges;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Object> details = new TreeMap<>(bridges.states());
        HealthStatus status = bridges.count(SourceLink.State.FAILING) == 0 ? HealthStatus.UP : LoopHealth.DEGRADED;
        return Publishers.just(
                HealthResult.builder("bridges", status).details(details).build());
    }
}
