package io.tailrace.ingest.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tailrace.ingest.decision.DecidedCommands;
import io.tailrace.ingest.decision.DecisionTail;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.kit.kafka.KafkaSettings;

/** Commands about jobs whose decisions are waited for. */
@Factory
final class JobDecisionsFactory {
    @Context
    @Bean(preDestroy = "stop")
    DecidedCommands<JobDecision> jobCommands(
            EventLog log, KafkaSettings kafka, JobsSettings settings, MeterRegistry meters) {
        DecidedCommands<JobDecision> commands = new DecidedCommands<>(
                log,
                kafka,
                new JobDecisions(),
                settings.maxWaiting(),
                new DecisionTail.Settings(settings.readyTimeout(), settings.pollRecords()),
                meters);
        commands.start();
        return commands;
    }
}
