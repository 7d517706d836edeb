package io.tailrace.workers;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.tailrace.kit.consume.Condition;
import io.tailrace.workers.drive.ProjectionLoop;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import org.reactivestreams.Publisher;

/**
 * Whether the projections keep up, in {@code /health}. Down while one of them cannot reach a server that it needs. It is
 * no part of readiness: in one process with other services their streams and writes go on.
 */
@Singleton
final class ProjectionsHealth implements HealthIndicator {
    private final Projections projections;

    ProjectionsHealth(Projections projections) {
        this.projections = projections;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Object> details = new TreeMap<>();
        boolean down = false;
        for (ProjectionLoop<?> loop : projections.loops()) {
            Condition condition = loop.condition();
            details.put(loop.name(), describe(condition));
            down |= switch (condition) {
                case Condition.Idle idle -> false;
                case Condition.Running running -> false;
                case Condition.Retrying retrying -> true;
                case Condition.Stopped stopped -> true;
            };
        }
        return Publishers.just(HealthResult.builder("projections", down ? HealthStatus.DOWN : HealthStatus.UP)
                .details(details)
                .build());
    }

    private static Object describe(Condition condition) {
        return switch (condition) {
            case Condition.Idle idle -> "idle";
            case Condition.Running running -> "running";
            case Condition.Retrying(String reason, var since) -> Map.of("retrying", reason, "since", since.toString());
            case Condition.Stopped stopped -> "stopped";
        };
    }
}
