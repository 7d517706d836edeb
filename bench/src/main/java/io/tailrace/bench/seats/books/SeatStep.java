package io.tailrace.bench.seats.books;

import java.util.List;

/**
 * A change of seats as {@code show:{id}} tells it.
 *
 * @param type {@code seat_held} and so on
 * @param seats which
 */
public record SeatStep(String type, List<String> seats) {
    /** Copies the list. */
    public SeatStep {
        seats = List.copyOf(seats);
    }
}
