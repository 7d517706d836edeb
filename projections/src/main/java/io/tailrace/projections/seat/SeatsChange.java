package io.tailrace.projections.seat;

import java.util.List;
import java.util.UUID;

/** What a record of the channels of shows does to a seat map. A free seat is one that a map does not have. */
public sealed interface SeatsChange {
    /** The show. */
    UUID showId();

    /** The seats that change. */
    List<String> seats();

    /**
     * They are somebody's.
     *
     * @param state {@code held} or {@code confirmed}
     */
    record Taken(UUID showId, List<String> seats, String state) implements SeatsChange {}

    /** They are free again. */
    record Freed(UUID showId, List<String> seats) implements SeatsChange {}
}
