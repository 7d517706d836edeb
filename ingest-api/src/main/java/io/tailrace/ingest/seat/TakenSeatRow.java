package io.tailrace.ingest.seat;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The seats of a show that are not free, as the projection holds them.
 *
 * @param generation the topic's id
 * @param nextOffset the offset of the first record that is not in it
 * @param states pairs {@code seat=state}, joined by commas; null if there are none
 */
@MappedEntity("taken_seats")
record TakenSeatRow(@Id String generation, long nextOffset, @Nullable String states) {
    /** Here the seats have no position of their own, so every change of the partition is taken for one of the show. */
    SeatMapVersion version() {
        return new SeatMapVersion(generation, nextOffset, "position " + nextOffset);
    }

    TakenSeats taken() {
        Map<String, String> bySeat = new LinkedHashMap<>();
        if (states != null) {
            for (String pair : states.split(",")) {
                int equals = pair.indexOf('=');
                bySeat.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return new TakenSeats(version(), bySeat);
    }
}
