package io.tailrace.kit.job.config;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.job.runtime.Workers;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * How the handlers are, in {@code /health}: {@code DEGRADED} while one goes on although it was interrupted, because its thread cannot be
 * ended, only the process can.
 */
final class WorkersHealth implements HealthIndicator {
    private final Workers workers;

    WorkersHealth(Workers workers) {
        this.workers = workers;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        int writtenOff = workers.writtenOff();
        return Publishers.just(
                HealthResult.builder("job-handlers", writtenOff == 0 ? HealthStatus.UP : LoopHealth.DEGRADED)
                        .details(Map.of(
                                "types",
                                workers.types(),
                                "types_without_handler",
                                workers.missing(),
                                "running",
                                workers.running(),
                                "written_off",
                                writtenOff))
                        .build());
    }
}
