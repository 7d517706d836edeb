package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A book in memory, of one show. It forgets nothing. */
final class MemoryBook implements SeatBook {
    private final Map<UUID, Show> shows = new HashMap<>();
    private final Map<SeatId, UUID> occupants = new HashMap<>();
    private final Map<UUID, Booking> bookings = new HashMap<>();
    private final Map<String, Holdings> holdings = new HashMap<>();
    private final Map<UUID, PastDecision> answers = new HashMap<>();

    @Override
    public @Nullable Show show(UUID showId) {
        return shows.get(showId);
    }

    @Override
    public boolean isForgotten(Show show, long nowMs) {
        return false;
    }

    @Override
    public @Nullable UUID occupant(UUID showId, SeatId seat) {
        return occupants.get(seat);
    }

    @Override
    public @Nullable Booking booking(UUID showId, UUID reservationId) {
        return bookings.get(reservationId);
    }

    @Override
    public Holdings holdings(UUID showId, String userId) {
        return holdings.getOrDefault(userId, Holdings.NONE);
    }

    @Override
    public @Nullable PastDecision answer(UUID showId, UUID commandId, long nowMs) {
        return answers.get(commandId);
    }

    @Override
    public List<Booking> expired(long nowMs, int limit) {
        return bookings.values().stream()
                .filter(b -> b.reservation().state() == Reservation.State.HELD)
                .filter(b -> b.reservation().expiresAt().toEpochMilli() <= nowMs)
                .sorted(Comparator.comparing(b -> b.reservation().expiresAt()))
                .limit(limit)
                .toList();
    }

    @Override
    public void putShow(Show show) {
        shows.put(show.id(), show);
    }

    @Override
    public void putOccupant(UUID showId, SeatId seat, @Nullable UUID reservationId) {
        if (reservationId == null) {
            occupants.remove(seat);
        } else {
            occupants.put(seat, reservationId);
        }
    }

    @Override
    public void putBooking(Booking booking) {
        bookings.put(booking.reservation().id(), booking);
    }

    @Override
    public void putHoldings(UUID showId, String userId, Holdings kept) {
        holdings.put(userId, kept);
    }

    @Override
    public void putAnswer(UUID showId, PastDecision answer, long decidedAtMs) {
        answers.put(answer.decision().commandId(), answer);
    }
}
