package io.tailrace.bench.seats.books;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A reservation as the log has it.
 *
 * @param id its id
 * @param state {@code held}, {@code confirmed}, {@code released} or {@code expired}
 * @param seats its seats
 */
record Reservation(UUID id, String state, List<String> seats) {
    /** Reads the JSON of an event. */
    static Reservation of(JsonNode json) {
        return new Reservation(
                UUID.fromString(json.path("id").asText()), json.path("state").asText(), seats(json));
    }

    /** The property {@code seats}. */
    static List<String> seats(JsonNode json) {
        List<String> seats = new ArrayList<>();
        json.path("seats").forEach(seat -> seats.add(seat.asText()));
        return List.copyOf(seats);
    }
}
