package io.tailrace.ingest.seat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.ingest.decision.DecidedCommands;
import io.tailrace.ingest.decision.DecisionTail;
import io.tailrace.ingest.decision.Decisions;
import io.tailrace.ingest.decision.Waiting;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;

/** What waits for the decisions about seats. */
@Factory
final class SeatDecisionsFactory {
    private static final Decisions<DecisionMade> KIND = new SeatDecisions();

    @Singleton
    Waiting<DecisionMade> seatsWaiting(SeatSettings settings, MeterRegistry meters) {
        return new Waiting<>(KIND, settings.maxWaiting(), meters);
    }

    @Context
    @Bean(preDestroy = "stop")
    DecisionTail<DecisionMade> seatsTail(
            KafkaSettings kafka, SeatSettings settings, Waiting<DecisionMade> waiting, MeterRegistry meters) {
        DecisionTail<DecisionMade> tail = new DecisionTail<>(
                kafka,
                KIND,
                new DecisionTail.Settings(settings.readyTimeout(), settings.pollRecords()),
                waiting,
                meters);
        tail.start();
        return tail;
    }

    @Singleton
    DecidedCommands<DecisionMade> seatsCommands(
            EventLog log, DecisionTail<DecisionMade> tail, Waiting<DecisionMade> waiting, MeterRegistry meters) {
        return new DecidedCommands<>(log, KIND, tail, waiting, meters);
    }
}
