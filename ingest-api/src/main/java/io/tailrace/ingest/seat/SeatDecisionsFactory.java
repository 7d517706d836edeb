package io.tailrace.ingest.seat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.ingest.decision.DecidedCommands;
import io.tailrace.ingest.decision.DecisionTail;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.kit.kafka.KafkaSettings;

/** Commands about seats whose decisions are waited for. */
@Factory
final class SeatDecisionsFactory {
    @Context
    @Bean(preDestroy = "stop")
    DecidedCommands<DecisionMade> seatCommands(
            EventLog log, KafkaSettings kafka, SeatSettings settings, MeterRegistry meters) {
        DecidedCommands<DecisionMade> commands = new DecidedCommands<>(
                log,
                kafka,
                new SeatDecisions(),
                settings.maxWaiting(),
                new DecisionTail.Settings(settings.readyTimeout(), settings.pollRecords()),
                meters);
        commands.start();
        return commands;
    }
}
