package io.tailrace.ingest.lease;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.scheduling.TaskExecutors;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.job.JobCommands;
import io.tailrace.ingest.job.Jobs;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;

/** Puts the leases together with the log. */
@Factory
final class LeasesFactory {
    @Context
    @Bean(preDestroy = "close")
    Leases leases(
            LeasesSettings settings,
            KafkaSettings kafka,
            JobQueues queues,
            JobCommands commands,
            Jobs jobs,
            Stamps stamps,
            @Named(TaskExecutors.BLOCKING) ExecutorService executor,
            MeterRegistry registry) {
        return new Leases(
                settings,
                kafka,
                queues,
                registry,
                (waits, meters, isEnding) -> new AttemptStarts(
                        command -> commands.ask(command, settings.answerTimeout()),
                        stamps::id,
                        executor,
                        waits,
                        meters,
                        (job, queue, type) -> jobs.remember(job, new Jobs.Place(queue, type)),
                        isEnding));
    }

    @Singleton
    LeaseProofs leaseProofs(LeasesSettings settings, JobCommands commands, Stamps stamps) {
        return new LeaseProofs(
                command -> commands.ask(command, settings.answerTimeout()), stamps::id, Ticker.systemTicker());
    }

    @Singleton
    @Named("leases")
    HealthIndicator leasesHealth(Leases leases) {
        return () -> new LoopHealth("leases", leases.loops()).getResult();
    }
}
