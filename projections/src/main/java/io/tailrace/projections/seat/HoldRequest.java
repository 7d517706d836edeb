package io.tailrace.projections.seat;

import io.tailrace.contracts.seat.SeatEvents.HoldRequested;
import java.time.Instant;

/** What a record of {@code tailrace.seat-commands} does to the table. */
public sealed interface HoldRequest {
    /**
     * A hold was asked for.
     *
     * @param hold the command
     * @param at when
     */
    record Put(HoldRequested hold, Instant at) implements HoldRequest {}
}
