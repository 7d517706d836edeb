package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A book in memory, of one show. */
final class MemoryBook implements SeatBook {
    final Map<UUID, Show> shows = new HashMap<>();
    final Map<SeatId, UUID> occupants = new HashMap<>();
    final Map<UUID, Reservation> reservations = new HashMap<>();
    final Map<String, Holdings> holdings = new HashMap<>();
    final Map<UUID, SeatDecision> decisions = new HashMap<>();

    @Override
    public @Nullable Show show(UUID showId) {
        return shows.get(showId);
    }

    @Override
    public @Nullable UUID occupant(UUID showId, SeatId seat) {
        return occupants.get(seat);
    }

    @Override
    public @Nullable Reservation reservation(UUID showId, UUID reservationId) {
        return reservations.get(reservationId);
    }

    @Override
    public Holdings holdings(UUID showId, String userId) {
        return holdings.getOrDefault(userId, Holdings.NONE);
    }

    @Override
    public @Nullable SeatDecision decision(UUID showId, UUID commandId) {
        return decisions.get(commandId);
    }

    @Override
    public List<Reservation> expired(long nowMs, int limit) {
        return reservations.values().stream()
                .filter(r -> r.state() == Reservation.State.HELD)
                .filter(r -> r.expiresAt().toEpochMilli() <= nowMs)
                .sorted(Comparator.comparing(Reservation::expiresAt))
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
    public void putReservation(Reservation reservation) {
        reservations.put(reservation.id(), reservation);
    }

    @Override
    public void putHoldings(UUID showId, String userId, Holdings kept) {
        holdings.put(userId, kept);
    }

    @Override
    public void putDecision(UUID showId, SeatDecision decision, long decidedAtMs) {
        decisions.put(decision.commandId(), decision);
    }
}
