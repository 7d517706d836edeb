package io.tailrace.contracts.seat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types and payloads of the seat topics and channels. Seats are named as text, as on the wire. */
public final class SeatEvents {
    /** On {@code tailrace.shows}; payload {@link Show}. */
    public static final String SHOW_CREATED = "show_created";

    /** On {@code tailrace.seat-commands}; payload {@link HoldRequested}. */
    public static final String HOLD_REQUESTED = "hold_requested";

    /** On {@code tailrace.seat-commands}; payload {@link StepRequested}. */
    public static final String CONFIRM_REQUESTED = "confirm_requested";

    /** On {@code tailrace.seat-commands}; payload {@link StepRequested}. */
    public static final String RELEASE_REQUESTED = "release_requested";

    /**
     * On {@code tailrace.seat-commands}, key {@value #CLOCK_KEY} and the partition; written by the dispatcher to itself when
     * a hold has run out, so that the end of a hold has its place in the log like a command. Payload: an empty object. Of
     * no interest to anyone else.
     */
    public static final String TIME_PASSED = "time_passed";

    /** What the keys of {@link #TIME_PASSED} begin with. */
    public static final String CLOCK_KEY = "clock/";

    /** On {@code tailrace.seat-events}; payload {@link DecisionMade}. */
    public static final String DECISION_MADE = "seat_decision_made";

    /** On {@code tailrace.seat-events}; payload {@link ReservationChanged}: nobody asked, the time ran out. */
    public static final String RESERVATION_EXPIRED = "reservation_expired";

    /** On {@code user:{id}}; payload {@link DecisionMade}. */
    public static final String RESERVATION_REFUSED = "reservation_refused";

    private SeatEvents() {}

    /** Payload: hold these seats. */
    public record HoldRequested(UUID commandId, UUID showId, String userId, List<String> seats, int holdSeconds) {}

    /** Payload: confirm or release this reservation. */
    public record StepRequested(UUID commandId, UUID showId, String userId, UUID reservationId) {}

    /** Payload: a reservation as it stands now; {@code state} is a lower-case {@link Reservation.State}. */
    public record ReservationChanged(
            UUID id, UUID showId, String userId, List<String> seats, String state, Instant expiresAt) {
        /** The wire form of a reservation. */
        public static ReservationChanged of(Reservation reservation) {
            return new ReservationChanged(
                    reservation.id(),
                    reservation.showId(),
                    reservation.userId(),
                    names(reservation.seats()),
                    name(reservation.state()),
                    reservation.expiresAt());
        }
    }

    /**
     * Payload: the answer to a command. A command that stands in the log twice is answered twice, alike but for
     * {@code repeated}; a copy of the reservations applies the first answer and skips repeated ones, because the
     * reservation may have moved on.
     *
     * @param fingerprint {@link CommandFingerprint#text} of the command that this answers: who waits for an answer compares
     *     it, because two commands that share an id by mistake get an answer each
     * @param repeated whether the command had been answered before
     * @param reason a lower-case {@link SeatDecision.Reason}, or null if it was accepted
     * @param seats the seats that a refusal is about
     * @param reservation as it stood after the command, or null if it was refused
     */
    public record DecisionMade(
            UUID commandId,
            UUID showId,
            String userId,
            String fingerprint,
            boolean repeated,
            boolean accepted,
            @Nullable String reason,
            List<String> seats,
            @Nullable ReservationChanged reservation) {
        /** The wire form of a decision. */
        public static DecisionMade of(SeatCommand command, SeatDecision decision, boolean repeated) {
            String fingerprint = CommandFingerprint.text(CommandFingerprint.of(command));
            return switch (decision) {
                case SeatDecision.Accepted(UUID id, Reservation reservation) ->
                    new DecisionMade(
                            id,
                            command.showId(),
                            command.userId(),
                            fingerprint,
                            repeated,
                            true,
                            null,
                            List.of(),
                            ReservationChanged.of(reservation));
                case SeatDecision.Refused(UUID id, SeatDecision.Reason reason, List<SeatId> seats) ->
                    new DecisionMade(
                            id,
                            command.showId(),
                            command.userId(),
                            fingerprint,
                            repeated,
                            false,
                            reason.name().toLowerCase(Locale.ROOT),
                            names(seats),
                            null);
            };
        }
    }

    /** Payload on {@code show:{id}}: which seats changed, and not for whom. */
    public record SeatsChanged(List<String> seats) {}

    /** The type on {@code show:{id}}: {@code seat_held}, {@code seat_confirmed}, {@code seat_released}, {@code seat_expired}. */
    public static String seatType(Reservation.State state) {
        return "seat_" + name(state);
    }

    /** The type on {@code user:{id}}: {@code reservation_held} and so on. */
    public static String reservationType(Reservation.State state) {
        return "reservation_" + name(state);
    }

    private static String name(Reservation.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> names(List<SeatId> seats) {
        return seats.stream().map(SeatId::toString).toList();
    }
}
