package io.tailrace.ingest.seat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Puts commands into the log and waits for their decisions, without a thread for each. Thread-safe; blocks only while the
 * producer has no metadata or no room.
 */
@Singleton
class SeatCommands {
    private final EventLog log;
    private final DecisionTail tail;
    private final Waiting waiting;
    private final Timer decided;
    private final Counter undecided;

    SeatCommands(EventLog log, DecisionTail tail, Waiting waiting, MeterRegistry meters) {
        this.log = log;
        this.tail = tail;
        this.waiting = waiting;
        this.decided = Timer.builder("tailrace.seats.decision")
                .description("From handing a command to the producer until its decision was read from the log")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        this.undecided = Counter.builder("tailrace.seats.undecided")
                .description("Commands whose decision was not there in the time that their senders would wait")
                .register(meters);
    }

    /**
     * Puts a command into the log.
     *
     * @param wait how long to wait for its decision. An acknowledgement is waited for longer, if it must be: what is called
     *     undecided is in the log
     * @return completed on a thread that must not block; never exceptionally
     * @throws io.tailrace.kit.problem.ProblemException 503 if too many wait, or the log cannot be read; then the command is
     *     not in the log
     */
    CompletableFuture<CommandOutcome> ask(SeatCommand command, Duration wait) {
        OutgoingEvent entry = entry(command);
        tail.awaitReady();
        long startNs = System.nanoTime();
        String fingerprint = CommandFingerprint.text(CommandFingerprint.of(command));
        CompletableFuture<CommandOutcome> outcome = waiting.waitFor(command.commandId(), fingerprint);
        try {
            var unused = log.appendSoon(entry).thenAccept(appended -> {
                switch (appended) {
                    case AppendOutcome.Appended _ ->
                        waiting.acknowledged(outcome, wait.toNanos() - (System.nanoTime() - startNs));
                    case AppendOutcome.Unknown _, AppendOutcome.NotSent _ ->
                        outcome.complete(new CommandOutcome.Unacknowledged());
                }
            });
        } catch (RuntimeException e) {
            outcome.complete(new CommandOutcome.Unacknowledged());
            throw e;
        }
        return outcome.whenComplete((result, e) -> count(result, System.nanoTime() - startNs));
    }

    private void count(CommandOutcome outcome, long elapsedNs) {
        switch (outcome) {
            case CommandOutcome.Decided _ -> decided.record(elapsedNs, TimeUnit.NANOSECONDS);
            case CommandOutcome.Undecided _ -> undecided.increment();
            case CommandOutcome.Unacknowledged _ -> {}
        }
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
