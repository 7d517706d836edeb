package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the shows of one task, in pieces that can be read and written alone: deciding a command touches its
 * own seats, its reservation and its holder's count, never the whole show. Single-threaded.
 */
public interface SeatBook {
    /** The show, or null if it is not known. */
    @Nullable
    Show show(UUID showId);

    /** Whether so much time has passed since the show began that it, and all that belongs to it, counts as unknown. */
    boolean isForgotten(Show show, long nowMs);

    /** The reservation that has the seat, held or confirmed, or null if it is free. */
    @Nullable
    UUID occupant(UUID showId, SeatId seat);

    /** The reservation, or null if there never was one of that id. It is kept as long as its show. */
    @Nullable
    Booking booking(UUID showId, UUID reservationId);

    /** What the person has in the show; {@link Holdings#NONE} if nothing. */
    Holdings holdings(UUID showId, String userId);

    /** The answer that {@link #putAnswer} kept and that is not forgotten yet, or null. */
    @Nullable
    PastDecision answer(UUID showId, UUID commandId, long nowMs);

    /** The holds of all shows that have run out at {@code nowMs}, earliest first, at most {@code limit} of them. */
    List<Booking> expired(long nowMs, int limit);

    /** Makes the show known. */
    void putShow(Show show);

    /** Gives the seat to a reservation, or frees it by null. */
    void putOccupant(UUID showId, SeatId seat, @Nullable UUID reservationId);

    /** Keeps the reservation; a held one is found by {@link #expired} from then on, another one no longer is. */
    void putBooking(Booking booking);

    /** Keeps what the person has. */
    void putHoldings(UUID showId, String userId, Holdings holdings);

    /**
     * Keeps the answer to a command, so that the command's repetition finds it. Not for a hold that was accepted: its
     * {@link Booking} says it all.
     */
    void putAnswer(UUID showId, PastDecision answer, long decidedAtMs);
}
