package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatDecision;
import java.util.List;

/**
 * What a command led to.
 *
 * @param decision the answer
 * @param changed the reservations that changed their state, in the order in which they did
 * @param repeated whether the command had been decided before, so that nothing changed
 */
public record SeatChange(SeatDecision decision, List<Reservation> changed, boolean repeated) {
    /** Copies the list. */
    public SeatChange {
        changed = List.copyOf(changed);
    }
}
