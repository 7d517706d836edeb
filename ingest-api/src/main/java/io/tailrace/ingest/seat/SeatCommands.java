package io.tailrace.ingest.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.decision.DecidedCommands;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Commands about seats, as they stand in the log. Thread-safe. */
@Singleton
class SeatCommands {
    private final DecidedCommands<DecisionMade> commands;

    SeatCommands(DecidedCommands<DecisionMade> commands) {
        this.commands = commands;
    }

    /** Puts a command into the log and waits for its decision; see {@link DecidedCommands#ask}. */
    CompletableFuture<CommandOutcome<DecisionMade>> ask(SeatCommand command, Duration wait) {
        String fingerprint = CommandFingerprint.text(CommandFingerprint.of(command));
        return commands.ask(entry(command), command.commandId(), fingerprint, wait);
    }

    private static OutgoingEvent entry(SeatCommand command) {
        String show = command.showId().toString();
        Event event = new Event(
                command.commandId().toString(),
                type(command),
                EventSource.INGEST_API,
                Instant.now(),
                show,
                data(command));
        return OutgoingEvent.fact(Topics.SEAT_COMMANDS, show, event);
    }

    private static String type(SeatCommand command) {
        return switch (command) {
            case SeatCommand.Hold _ -> SeatEvents.HOLD_REQUESTED;
            case SeatCommand.Confirm _ -> SeatEvents.CONFIRM_REQUESTED;
            case SeatCommand.Release _ -> SeatEvents.RELEASE_REQUESTED;
        };
    }

    private static byte[] data(SeatCommand command) {
        return Json.write(
                switch (command) {
                    case SeatCommand.Hold(var id, var show, var user, var seats, int holdSeconds) ->
                        new SeatEvents.HoldRequested(
                                id,
                                show,
                                user,
                                seats.stream().map(SeatId::toString).toList(),
                                holdSeconds);
                    case SeatCommand.Confirm(var id, var show, var user, var reservation) ->
                        new SeatEvents.StepRequested(id, show, user, reservation);
                    case SeatCommand.Release(var id, var show, var user, var reservation) ->
                        new SeatEvents.StepRequested(id, show, user, reservation);
                });
    }
}
