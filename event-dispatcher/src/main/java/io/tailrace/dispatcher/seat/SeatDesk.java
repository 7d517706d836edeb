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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands in log order over a {@link SeatBook}.
 *
 * <p>Time is the log's: {@code nowMs} is the record's timestamp for a command and the task's clock for
 * {@link #expire}. A hold ends at its {@code expiresAt}: a command whose time is at or after it finds the seats free,
 * whether or not {@link #expire} has come by yet. So a confirmation races with the expiry in one way only: it is accepted
 * if it stands in the log before the expiry was decided and its time is before {@code expiresAt}, and is refused
 * with {@link Reason#EXPIRED} in every other case.
 *
 * <p>Invariants: a seat has at most one reservation; a confirmed seat never changes; a held reservation ends; a
 * person's count is the number of seats of their held and confirmed reservations. Single-threaded, like its book.
 */
public final class SeatDesk {
    private final SeatBook book;

    /** A desk over a book. */
    public SeatDesk(SeatBook book) {
        this.book = book;
    }

    /**
     * Decides a command at {@code nowMs} (epoch milliseconds). A command that was decided before gets its first decision
     * again and changes nothing.
     */
    public SeatChange decide(SeatCommand command, long nowMs) {
        SeatDecision earlier = book.decision(command.showId(), command.commandId());
        if (earlier != null) {
            return new SeatChange(List.of(earlier), List.of(), true);
        }
        List<Reservation> changed = new ArrayList<>();
        Show show = book.show(command.showId());
        SeatDecision decision = show == null
                ? refused(command, Reason.UNKNOWN_SHOW)
                : switch (command) {
                    case SeatCommand.Hold hold -> hold(show, hold, nowMs, changed);
                    case SeatCommand.Confirm confirm -> confirm(show, confirm, nowMs, changed);
                    case SeatCommand.Release release -> release(release, nowMs, changed);
                };
        book.putDecision(command.showId(), decision, nowMs);
        return new SeatChange(List.of(decision), changed, false);
    }

    /** Ends the holds that have run out, at most {@code limit} of them in one go. */
    public SeatChange expire(long nowMs, int limit) {
        List<Reservation> changed = new ArrayList<>();
        for (Reservation held : book.expired(nowMs, limit)) {
            end(held, State.EXPIRED, changed);
        }
        return new SeatChange(List.of(), changed, false);
    }

    private SeatDecision hold(Show show, SeatCommand.Hold hold, long nowMs, List<Reservation> changed) {
        if (nowMs >= show.startsAt().toEpochMilli()) {
            return refused(hold, Reason.SHOW_STARTED);
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
        List<SeatId> taken = hold.seats().stream()
                .filter(seat -> isTaken(show.id(), seat, nowMs, changed))
                .toList();
        if (!taken.isEmpty()) {
            return new Refused(hold.commandId(), Reason.NOT_FREE, taken);
        }
        int wanted = hold.seats().size();
        if (exceedsLimit(show, hold.userId(), wanted, nowMs, changed)) {
            return refused(hold, Reason.TOO_MANY_SEATS);
        }
        int seconds = hold.holdSeconds() == 0 ? show.holdSeconds() : hold.holdSeconds();
        Reservation reservation = new Reservation(
                hold.commandId(),
                show.id(),
                hold.userId(),
                hold.seats(),
                State.HELD,
                Instant.ofEpochMilli(nowMs + seconds * 1000L));
        hold.seats().forEach(seat -> book.putOccupant(show.id(), seat, reservation.id()));
        book.putHoldings(
                show.id(),
                hold.userId(),
                book.holdings(show.id(), hold.userId()).plus(reservation.id(), wanted));
        book.putReservation(reservation);
        changed.add(reservation);
        return new Accepted(hold.commandId(), reservation);
    }

    private SeatDecision confirm(Show show, SeatCommand.Confirm confirm, long nowMs, List<Reservation> changed) {
        Reservation reservation = ownReservation(confirm, confirm.reservationId(), nowMs, changed);
        if (reservation == null) {
            return refused(confirm, Reason.UNKNOWN_RESERVATION);
        }
        return switch (reservation.state()) {
            case HELD -> {
                if (nowMs >= show.startsAt().toEpochMilli()) {
                    yield refused(confirm, Reason.SHOW_STARTED);
                }
                Reservation confirmed = reservation.in(State.CONFIRMED);
                book.putReservation(confirmed);
                changed.add(confirmed);
                yield new Accepted(confirm.commandId(), confirmed);
            }
            case CONFIRMED, RELEASED, EXPIRED -> refused(confirm, illegal(reservation.state()));
        };
    }

    private SeatDecision release(SeatCommand.Release release, long nowMs, List<Reservation> changed) {
        Reservation reservation = ownReservation(release, release.reservationId(), nowMs, changed);
        if (reservation == null) {
            return refused(release, Reason.UNKNOWN_RESERVATION);
        }
        return switch (reservation.state()) {
            case HELD -> new Accepted(release.commandId(), end(reservation, State.RELEASED, changed));
            case CONFIRMED, RELEASED, EXPIRED -> refused(release, illegal(reservation.state()));
        };
    }

    /** The caller's reservation as it stands at {@code nowMs}: one whose time has run out is ended here. */
    private @Nullable Reservation ownReservation(
            SeatCommand command, UUID reservationId, long nowMs, List<Reservation> changed) {
        Reservation reservation = book.reservation(command.showId(), reservationId);
        if (reservation == null || !reservation.userId().equals(command.userId())) {
            return null;
        }
        return hasRunOut(reservation, nowMs) ? end(reservation, State.EXPIRED, changed) : reservation;
    }

    private boolean isTaken(UUID showId, SeatId seat, long nowMs, List<Reservation> changed) {
        UUID occupant = book.occupant(showId, seat);
        if (occupant == null) {
            return false;
        }
        Reservation reservation = book.reservation(showId, occupant);
        if (reservation != null && hasRunOut(reservation, nowMs)) {
            end(reservation, State.EXPIRED, changed);
            return false;
        }
        return true;
    }

    /** Whether the person would have too many seats. Their own holds that have run out do not count. */
    private boolean exceedsLimit(Show show, String userId, int wanted, long nowMs, List<Reservation> changed) {
        Holdings holdings = book.holdings(show.id(), userId);
        if (holdings.seats() + wanted <= show.maxSeatsPerUser()) {
            return false;
        }
        for (UUID id : holdings.reservations()) {
            Reservation reservation = book.reservation(show.id(), id);
            if (reservation != null && hasRunOut(reservation, nowMs)) {
                end(reservation, State.EXPIRED, changed);
            }
        }
        return book.holdings(show.id(), userId).seats() + wanted > show.maxSeatsPerUser();
    }

    private Reservation end(Reservation held, State state, List<Reservation> changed) {
        Reservation ended = held.in(state);
        held.seats().forEach(seat -> book.putOccupant(held.showId(), seat, null));
        Holdings before = book.holdings(held.showId(), held.userId());
        book.putHoldings(
                held.showId(),
                held.userId(),
                before.minus(held.id(), held.seats().size()));
        book.putReservation(ended);
        changed.add(ended);
        return ended;
    }

    private static boolean hasRunOut(Reservation reservation, long nowMs) {
        return reservation.state() == State.HELD
                && nowMs >= reservation.expiresAt().toEpochMilli();
    }

    private static Reason illegal(State state) {
        return switch (state) {
            case CONFIRMED -> Reason.ALREADY_CONFIRMED;
            case RELEASED -> Reason.ALREADY_RELEASED;
            case EXPIRED -> Reason.EXPIRED;
            case HELD -> throw new IllegalArgumentException("a held reservation can take every step");
        };
    }

    private static Refused refused(SeatCommand command, Reason reason) {
        return new Refused(command.commandId(), reason, List.of());
    }
}
