package io.tailrace.kit.consume;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.reactivestreams.Publisher;

/**
 * Whether loops keep up, in {@code /health}. While one of them cannot reach a server that it needs the status is {@code
 * DEGRADED}, which is answered 200 and leaves the process ready: what the copies are behind, they catch up by
 * themselves, and in one process with other services the streams and writes go on. A loop that has ended is {@code
 * DOWN}.
 */
public final class LoopHealth implements HealthIndicator {
    /** Between up and down, which is where Micronaut sorts a status that leaves open whether it is operational. */
    public static final HealthStatus DEGRADED =
            new HealthStatus("DEGRADED", "Copies of the log are behind", null, null);

    private final String name;
    private final List<Loop> loops;

    /**
     * The health of loops.
     *
     * @param name what it is called in the answer
     */
    public LoopHealth(String name, List<? extends Loop> loops) {
        this.name = name;
        this.loops = List.copyOf(loops);
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Object> details = new TreeMap<>();
        HealthStatus status = HealthStatus.UP;
        for (Loop loop : loops) {
            Condition condition = loop.condition();
            details.put(loop.name(), describe(condition));
            status = worse(
                    status,
                    switch (condition) {
                        case Condition.Idle idle -> HealthStatus.UP;
                        case Condition.Running running -> HealthStatus.UP;
                        case Condition.Retrying retrying -> DEGRADED;
                        case Condition.Stopped stopped -> HealthStatus.DOWN;
                    });
        }
        return Publishers.just(
                HealthResult.builder(name, status).details(details).build());
    }

    private static HealthStatus worse(HealthStatus one, HealthStatus other) {
        return one.compareTo(other) >= 0 ? one : other;
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
