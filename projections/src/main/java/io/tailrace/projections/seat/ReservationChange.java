package io.tailrace.projections.seat;

import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;

/** What a record of {@code tailrace.seat-events} does to the tables. */
public sealed interface ReservationChange {
    /**
     * The reservation stands like this now.
     *
     * @param reservation the reservation
     */
    record Put(ReservationChanged reservation) implements ReservationChange {}

    /**
     * There will be no reservation under the command's id.
     *
     * @param decision the refusal, with a reason
     * @param reason why
     */
    record Refuse(DecisionMade decision, String reason) implements ReservationChange {}
}
