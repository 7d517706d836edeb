package io.tailrace.dispatcher.seat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What one person has in one show.
 *
 * @param seats how many seats, held and confirmed; the show's limit bounds it
 * @param reservations their held and confirmed reservations, oldest first
 */
public record Holdings(int seats, List<UUID> reservations) {
    /** Nothing. */
    public static final Holdings NONE = new Holdings(0, List.of());

    /** Copies the list. */
    public Holdings {
        reservations = List.copyOf(reservations);
    }

    /** With one reservation more. */
    Holdings plus(UUID reservation, int count) {
        return new Holdings(
                seats + count,
                Stream.concat(reservations.stream(), Stream.of(reservation)).toList());
    }

    /** With one reservation less. */
    Holdings minus(UUID reservation, int count) {
        return new Holdings(
                seats - count,
                reservations.stream().filter(r -> !r.equals(reservation)).toList());
    }
}
