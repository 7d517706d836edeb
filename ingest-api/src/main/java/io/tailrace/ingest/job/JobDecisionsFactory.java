package io.tailrace.ingest.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tailrace.ingest.decision.DecidedCommands;
import io.tailrace.ingest.decision.DecisionTail;
import io.tailrace.ingest.decision.Decisions;
import io.tailrace.ingest.decision.Waiting;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;

/** What waits for the decisions about jobs. */
@Factory
final class JobDecisionsFactory {
    private static final Decisions<JobDecision> KIND = new JobDecisions();

    @Singleton
    Waiting<JobDecision> jobsWaiting(JobsSettings settings, MeterRegistry meters) {
        return new Waiting<>(KIND, settings.maxWaiting(), meters);
    }

    @Context
    @Bean(preDestroy = "stop")
    DecisionTail<JobDecision> jobsTail(
            KafkaSettings kafka, JobsSettings settings, Waiting<JobDecision> waiting, MeterRegistry meters) {
        DecisionTail<JobDecision> tail = new DecisionTail<>(
                kafka,
                KIND,
                new DecisionTail.Settings(settings.readyTimeout(), settings.pollRecords()),
                waiting,
                meters);
        tail.start();
        return tail;
    }

    @Singleton
    DecidedCommands<JobDecision> jobsCommands(
            EventLog log, DecisionTail<JobDecision> tail, Waiting<JobDecision> waiting, MeterRegistry meters) {
        return new DecidedCommands<>(log, KIND, tail, waiting, meters);
    }
}
