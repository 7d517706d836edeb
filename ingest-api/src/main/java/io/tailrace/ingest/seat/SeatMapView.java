package io.tailrace.ingest.seat;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * The form of a seat map, for the description of this service.
 *
 * @param position the cursor of {@code show:{id}} at which the states are true
 * @param seats every seat, section by section and row by row
 */
@Introspected
record SeatMapView(String position, List<Seat> seats) {
    /**
     * A seat.
     *
     * @param id its id
     * @param state {@code free}, {@code held} or {@code confirmed}
     */
    @Introspected
    record Seat(String id, String state) {}
}
