package io.tailrace.contracts.seat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A person's claim on seats of a show. {@link State#HELD} is the only state that changes; the other three are final.
 *
 * @param id the id of the command that made it
 * @param showId the show
 * @param userId whose it is
 * @param seats its seats
 * @param state where it stands
 * @param expiresAt when a hold ends; meaningless once it is no longer held
 */
public record Reservation(UUID id, UUID showId, String userId, List<SeatId> seats, State state, Instant expiresAt) {
    /** Where a reservation stands. */
    public enum State {
        /** The seats are kept for the holder until {@code expiresAt}. */
        HELD,
        /** The seats are the holder's for good. */
        CONFIRMED,
        /** The holder gave them back. */
        RELEASED,
        /** The time ran out. */
        EXPIRED
    }

    /** Copies the seats. */
    public Reservation {
        seats = List.copyOf(seats);
    }

    /** The same reservation in another state. */
    public Reservation in(State next) {
        return new Reservation(id, showId, userId, seats, next, expiresAt);
    }
}
