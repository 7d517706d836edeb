package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatDecision;
import java.util.List;

/**
 * What a step changed.
 *
 * @param decisions the answers that it gave: one for a command, none for the passing of time
 * @param changed the reservations that changed their state, in the order in which they did
 * @param repeated whether the command had been decided before, so that nothing changed
 */
public record SeatChange(List<SeatDecision> decisions, List<Reservation> changed, boolean repeated) {
    /** Copies the lists. */
    public SeatChange {
        decisions = List.copyOf(decisions);
        changed = List.copyOf(changed);
    }
}
