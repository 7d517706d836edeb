package io.tailrace.ingest.seat;

import java.util.Map;

/**
 * The seats of a show that are not free.
 *
 * @param version which state of the show this is
 * @param states by seat, {@code held} or {@code confirmed}
 */
record TakenSeats(SeatMapVersion version, Map<String, String> states) {}
