package io.tailrace.bench.seats.rival;

import java.util.List;
import java.util.UUID;

/**
 * A hold that somebody asks for.
 *
 * @param id of the reservation that it will be; the same for the same request again
 * @param show which show
 * @param user who
 * @param seats in the order in which they are locked
 * @param seconds how long
 */
record Holding(UUID id, UUID show, String user, List<String> seats, int seconds) {
    /** Sorts the seats: whoever locks in one order meets no deadlock. */
    Holding {
        seats = seats.stream().sorted().toList();
    }

    String[] names() {
        return seats.toArray(String[]::new);
    }
}
