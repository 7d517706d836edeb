package io.tailrace.contracts.seat;

import java.util.List;
import java.util.UUID;

/** The answer to a {@link SeatCommand}. Every command gets exactly one, and always the same one. */
public sealed interface SeatDecision {
    /** The command that this answers. */
    UUID commandId();

    /**
     * It was done.
     *
     * @param reservation as it stands after the command
     */
    record Accepted(UUID commandId, Reservation reservation) implements SeatDecision {}

    /**
     * It was not done, and nothing changed.
     *
     * @param reason why
     * @param seats the seats that it is about; empty if none in particular
     */
    record Refused(UUID commandId, Reason reason, List<SeatId> seats) implements SeatDecision {
        /** Copies the seats. */
        public Refused {
            seats = List.copyOf(seats);
        }
    }

    /** Why a command was refused. */
    enum Reason {
        /** There is no such show (yet): its commands came before it, or it never was. */
        UNKNOWN_SHOW,
        /** The show has begun. */
        SHOW_STARTED,
        /** The show has no such seats. */
        UNKNOWN_SEATS,
        /** Somebody else, or the same person, already has these seats. */
        NOT_FREE,
        /** The person would have more seats than the show allows. */
        TOO_MANY_SEATS,
        /** The hold time is longer than the show allows. */
        HOLD_TOO_LONG,
        /** There is no such reservation, or it is somebody else's. */
        UNKNOWN_RESERVATION,
        /** The reservation's hold ran out. */
        EXPIRED,
        /** The reservation was already confirmed. */
        ALREADY_CONFIRMED,
        /** The reservation was already released. */
        ALREADY_RELEASED,
        /** Another command was decided under this id: a key was used again for something else. Never stored. */
        KEY_REUSED
    }
}
