package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.Reservation.State;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatDecision.Accepted;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatDecision.Refused;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What is right, in the simplest words: a list of all reservations that is searched from end to end, and every command
 * with its answer. Nothing is ever ended by it; a hold counts as long as its time has not come.
 */
final class SeatModel {
    private final Show show;
    private final Map<UUID, Reservation> reservations = new HashMap<>();
    private final Map<UUID, SeatCommand> commands = new HashMap<>();
    private final Map<UUID, SeatDecision> decisions = new HashMap<>();

    SeatModel(Show show) {
        this.show = show;
    }

    SeatDecision decide(SeatCommand command, long nowMs) {
        SeatCommand first = commands.putIfAbsent(command.commandId(), command);
        if (first != null) {
            return first.equals(command)
                    ? Objects.requireNonNull(decisions.get(command.commandId()))
                    : refused(command, Reason.KEY_REUSED);
        }
        SeatDecision decision =
                switch (command) {
                    case SeatCommand.Hold hold -> hold(hold, nowMs);
                    case SeatCommand.Confirm(var _, var _, String user, UUID id) ->
                        step(command, user, id, State.CONFIRMED, nowMs);
                    case SeatCommand.Release(var _, var _, String user, UUID id) ->
                        step(command, user, id, State.RELEASED, nowMs);
                };
        if (decision instanceof Accepted(UUID _, Reservation reservation)) {
            reservations.put(reservation.id(), reservation);
        }
        decisions.put(command.commandId(), decision);
        return decision;
    }

    private SeatDecision hold(SeatCommand.Hold hold, long nowMs) {
        if (hasStarted(nowMs)) {
            return refused(hold, Reason.SHOW_STARTED);
        }
        if (hold.seats().size() > show.maxSeatsPerUser()) {
            return refused(hold, Reason.TOO_MANY_SEATS);
        }
        List<SeatId> unknown = hold.seats().stream().filter(s -> !show.has(s)).toList();
        if (!unknown.isEmpty()
                || hold.seats().isEmpty()
                || new HashSet<>(hold.seats()).size() < hold.seats().size()) {
            return new Refused(hold.commandId(), Reason.UNKNOWN_SEATS, unknown);
        }
        if (hold.holdSeconds() < 0 || hold.holdSeconds() > show.maxHoldSeconds()) {
            return refused(hold, Reason.HOLD_TOO_LONG);
        }
        List<SeatId> taken =
                hold.seats().stream().filter(seat -> isTaken(seat, nowMs)).toList();
        if (!taken.isEmpty()) {
            return new Refused(hold.commandId(), Reason.NOT_FREE, taken);
        }
        if (seatsOf(hold.userId(), nowMs) + hold.seats().size() > show.maxSeatsPerUser()) {
            return refused(hold, Reason.TOO_MANY_SEATS);
        }
        int seconds = hold.holdSeconds() == 0 ? show.holdSeconds() : hold.holdSeconds();
        Instant until = Instant.ofEpochMilli(nowMs).plusSeconds(seconds);
        return new Accepted(
                hold.commandId(),
                new Reservation(hold.commandId(), show.id(), hold.userId(), hold.seats(), State.HELD, until));
    }

    private SeatDecision step(SeatCommand command, String user, UUID id, State next, long nowMs) {
        Reservation reservation = reservations.get(id);
        if (reservation == null || !reservation.userId().equals(user)) {
            return refused(command, Reason.UNKNOWN_RESERVATION);
        }
        return switch (reservation.state()) {
            case CONFIRMED -> refused(command, Reason.ALREADY_CONFIRMED);
            case RELEASED -> refused(command, Reason.ALREADY_RELEASED);
            case HELD, EXPIRED -> {
                if (!isActive(reservation, nowMs)) {
                    yield refused(command, Reason.EXPIRED);
                }
                yield next == State.CONFIRMED && hasStarted(nowMs)
                        ? refused(command, Reason.SHOW_STARTED)
                        : new Accepted(command.commandId(), reservation.in(next));
            }
        };
    }

    private boolean hasStarted(long nowMs) {
        return nowMs >= show.startsAt().toEpochMilli();
    }

    private static boolean isActive(Reservation reservation, long nowMs) {
        return reservation.state() == State.CONFIRMED
                || (reservation.state() == State.HELD
                        && nowMs < reservation.expiresAt().toEpochMilli());
    }

    private boolean isTaken(SeatId seat, long nowMs) {
        return reservations.values().stream()
                .anyMatch(r -> isActive(r, nowMs) && r.seats().contains(seat));
    }

    private int seatsOf(String user, long nowMs) {
        return reservations.values().stream()
                .filter(r -> isActive(r, nowMs) && r.userId().equals(user))
                .mapToInt(r -> r.seats().size())
                .sum();
    }

    private static Refused refused(SeatCommand command, Reason reason) {
        return new Refused(command.commandId(), reason, List.of());
    }
}
