package io.tailrace.contracts.seat;

import java.util.List;
import java.util.UUID;

/**
 * What somebody wants of a show's seats. Key: the show's id, so that all commands of a show stand in one order.
 *
 * <p>{@code commandId} is the identity: a command that is decided twice gives the first decision again. Who retries a
 * request with the same idempotency key sends the same {@code commandId}.
 */
public sealed interface SeatCommand {
    /** Identity of the command; also the reservation's id for {@link Hold}. */
    UUID commandId();

    /** The show. */
    UUID showId();

    /** Who asks. */
    String userId();

    /**
     * Hold several seats, all or nothing.
     *
     * @param seats distinct
     * @param holdSeconds how long, or 0 for the show's default
     */
    record Hold(UUID commandId, UUID showId, String userId, List<SeatId> seats, int holdSeconds)
            implements SeatCommand {
        /** Copies the seats. */
        public Hold {
            seats = List.copyOf(seats);
        }
    }

    /** Turn a hold into a purchase. */
    record Confirm(UUID commandId, UUID showId, String userId, UUID reservationId) implements SeatCommand {}

    /** Give a hold back. */
    record Release(UUID commandId, UUID showId, String userId, UUID reservationId) implements SeatCommand {}
}
