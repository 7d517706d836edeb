package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.CommandFingerprint;
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
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands in log order over a {@link SeatBook}.
 *
 * <p>Time is the log's: {@code nowMs} is the record's timestamp, also for {@link #expire}, and never steps back. A hold ends at its {@code expiresAt}: a command whose time is at or after it finds the seats free,
 * whether or not {@link #expire} has come by yet. So a confirmation races with the expiry in one way only: it is accepted
 * if it stands in the log before the expiry was decided and its time is before {@code expiresAt}, and is refused
 * with {@link Reason#EXPIRED} in every other case.
 *
 * <p>Invariants: a seat has at most one reservation; a confirmed seat never changes; a held reservation ends; a
 * person's count is the number of seats of their held and confirmed reservations. Single-threaded, like its book.
 */
public final class SeatDesk {
    private final SeatBook book;

    public SeatDesk(SeatBook book) {
        this.book = book;
    }

    /**
     * Decides a command at {@code nowMs} (epoch milliseconds). A command that was decided before gets its first decision
     * again and changes nothing; another command under the same id is refused with {@link Reason#KEY_REUSED}, and leaves
     * the first decision as it is. A refusal with {@link Reason#UNKNOWN_SHOW} is not kept: the command is decided when it comes
     * again. A command for a show that is forgotten is refused as one for a show that never was.
     */
    public SeatChange decide(SeatCommand command, long nowMs) {
        Show show = book.show(command.showId());
        if (show != null && book.isForgotten(show, nowMs)) {
            // Nothing is read or kept, so it does not matter how much of the show has been deleted already.
            return new SeatChange(refused(command, Reason.UNKNOWN_SHOW), List.of(), false);
        }
        long fingerprint = CommandFingerprint.of(command);
        PastDecision earlier = earlier(command, nowMs);
        if (earlier != null) {
            return earlier.fingerprint() == fingerprint
                    ? new SeatChange(earlier.decision(), List.of(), true)
                    : new SeatChange(refused(command, Reason.KEY_REUSED), List.of(), false);
        }
        List<Reservation> changed = new ArrayList<>(2);
        SeatDecision decision = show == null
                ? refused(command, Reason.UNKNOWN_SHOW)
                : switch (command) {
                    case SeatCommand.Hold hold -> hold(show, hold, fingerprint, nowMs, changed);
                    case SeatCommand.Confirm confirm -> confirm(show, confirm, nowMs, changed);
                    case SeatCommand.Release release -> release(release, nowMs, changed);
                };
        // That a show is not known is no decision about the command: the show is in another topic and may be read after
        // it.
        if (show != null && !(command instanceof SeatCommand.Hold && decision instanceof Accepted)) {
            book.putAnswer(command.showId(), new PastDecision(decision, fingerprint), nowMs);
        }
        return new SeatChange(decision, changed, false);
    }

    /**
     * The first answer to a command of this id. That to an accepted hold is in the reservation, which is kept as long as
     * its show: an old hold that comes again does not bring an ended reservation back.
     */
    private @Nullable PastDecision earlier(SeatCommand command, long nowMs) {
        Booking held = book.booking(command.showId(), command.commandId());
        if (held == null) {
            return book.answer(command.showId(), command.commandId(), nowMs);
        }
        return new PastDecision(
                new Accepted(command.commandId(), held.reservation().in(State.HELD)), held.fingerprint());
    }

    /** Ends the holds that have run out, at most {@code limit} of them in one go, and gives them as they are then. */
    public List<Reservation> expire(long nowMs, int limit) {
        List<Reservation> changed = new ArrayList<>();
        for (Booking held : book.expired(nowMs, limit)) {
            end(held, State.EXPIRED, changed);
        }
        return changed;
    }

    private SeatDecision hold(
            Show show, SeatCommand.Hold hold, long fingerprint, long nowMs, List<Reservation> changed) {
        SeatDecision fault = faultOf(hold, show, nowMs);
        if (fault != null) {
            return fault;
        }
        List<SeatId> taken = new ArrayList<>(0);
        for (SeatId seat : hold.seats()) {
            if (isTaken(show.id(), seat, nowMs, changed)) {
                taken.add(seat);
            }
        }
        if (!taken.isEmpty()) {
            return new Refused(hold.commandId(), Reason.NOT_FREE, taken);
        }
        int wanted = hold.seats().size();
        Holdings holdings = holdingsWithRoom(show, hold.userId(), wanted, nowMs, changed);
        if (holdings.seats() + wanted > show.maxSeatsPerUser()) {
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
        book.putHoldings(show.id(), hold.userId(), holdings.plus(reservation.id(), wanted));
        book.putBooking(new Booking(reservation, fingerprint));
        changed.add(reservation);
        return new Accepted(hold.commandId(), reservation);
    }

    /** What is wrong with a hold whoever has the seats, or null. The count goes first: it bounds the rest. */
    private static @Nullable SeatDecision faultOf(SeatCommand.Hold hold, Show show, long nowMs) {
        if (nowMs >= show.startsAt().toEpochMilli()) {
            return refused(hold, Reason.SHOW_STARTED);
        }
        if (hold.seats().size() > show.maxSeatsPerUser()) {
            return refused(hold, Reason.TOO_MANY_SEATS);
        }
        List<SeatId> unknown = hold.seats().stream().filter(s -> !show.has(s)).toList();
        if (!unknown.isEmpty()
                || hold.seats().isEmpty()
                || Set.copyOf(hold.seats()).size() < hold.seats().size()) {
            return new Refused(hold.commandId(), Reason.UNKNOWN_SEATS, unknown);
        }
        if (hold.holdSeconds() < 0 || hold.holdSeconds() > show.maxHoldSeconds()) {
            return refused(hold, Reason.HOLD_TOO_LONG);
        }
        return null;
    }

    private SeatDecision confirm(Show show, SeatCommand.Confirm confirm, long nowMs, List<Reservation> changed) {
        Booking booking = ownBooking(confirm, confirm.reservationId(), nowMs, changed);
        if (booking == null) {
            return refused(confirm, Reason.UNKNOWN_RESERVATION);
        }
        return switch (booking.reservation().state()) {
            case HELD -> {
                if (nowMs >= show.startsAt().toEpochMilli()) {
                    yield refused(confirm, Reason.SHOW_STARTED);
                }
                Booking confirmed = booking.in(State.CONFIRMED);
                book.putBooking(confirmed);
                changed.add(confirmed.reservation());
                yield new Accepted(confirm.commandId(), confirmed.reservation());
            }
            case CONFIRMED -> refused(confirm, Reason.ALREADY_CONFIRMED);
            case RELEASED -> refused(confirm, Reason.ALREADY_RELEASED);
            case EXPIRED -> refused(confirm, Reason.EXPIRED);
        };
    }

    private SeatDecision release(SeatCommand.Release release, long nowMs, List<Reservation> changed) {
        Booking booking = ownBooking(release, release.reservationId(), nowMs, changed);
        if (booking == null) {
            return refused(release, Reason.UNKNOWN_RESERVATION);
        }
        return switch (booking.reservation().state()) {
            case HELD ->
                new Accepted(
                        release.commandId(),
                        end(booking, State.RELEASED, changed).reservation());
            case CONFIRMED -> refused(release, Reason.ALREADY_CONFIRMED);
            case RELEASED -> refused(release, Reason.ALREADY_RELEASED);
            case EXPIRED -> refused(release, Reason.EXPIRED);
        };
    }

    /** The caller's reservation as it stands at {@code nowMs}: one whose time has run out is ended here. */
    private @Nullable Booking ownBooking(
            SeatCommand command, UUID reservationId, long nowMs, List<Reservation> changed) {
        Booking booking = book.booking(command.showId(), reservationId);
        if (booking == null || !booking.reservation().userId().equals(command.userId())) {
            return null;
        }
        return hasRunOut(booking, nowMs) ? end(booking, State.EXPIRED, changed) : booking;
    }

    private boolean isTaken(UUID showId, SeatId seat, long nowMs, List<Reservation> changed) {
        UUID occupant = book.occupant(showId, seat);
        if (occupant == null) {
            return false;
        }
        Booking booking = book.booking(showId, occupant);
        if (booking != null && hasRunOut(booking, nowMs)) {
            end(booking, State.EXPIRED, changed);
            return false;
        }
        return true;
    }

    /** What the person has. If the seats wanted are too many beside it, their own holds that have run out go first. */
    private Holdings holdingsWithRoom(Show show, String userId, int wanted, long nowMs, List<Reservation> changed) {
        Holdings holdings = book.holdings(show.id(), userId);
        if (holdings.seats() + wanted <= show.maxSeatsPerUser()) {
            return holdings;
        }
        for (UUID id : holdings.reservations()) {
            Booking booking = book.booking(show.id(), id);
            if (booking != null && hasRunOut(booking, nowMs)) {
                end(booking, State.EXPIRED, changed);
            }
        }
        return book.holdings(show.id(), userId);
    }

    private Booking end(Booking held, State state, List<Reservation> changed) {
        Reservation before = held.reservation();
        Booking ended = held.in(state);
        before.seats().forEach(seat -> book.putOccupant(before.showId(), seat, null));
        book.putHoldings(
                before.showId(),
                before.userId(),
                book.holdings(before.showId(), before.userId())
                        .minus(before.id(), before.seats().size()));
        book.putBooking(ended);
        changed.add(ended.reservation());
        return ended;
    }

    private static boolean hasRunOut(Booking booking, long nowMs) {
        Reservation reservation = booking.reservation();
        return reservation.state() == State.HELD
                && nowMs >= reservation.expiresAt().toEpochMilli();
    }

    private static Refused refused(SeatCommand command, Reason reason) {
        return new Refused(command.commandId(), reason, List.of());
    }
}
