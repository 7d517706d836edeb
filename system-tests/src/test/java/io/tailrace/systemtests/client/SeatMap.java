package io.tailrace.systemtests.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.client.Subscriber.Received;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a client knows about the seats of a show. Immutable.
 *
 * @param position where on the stream of the show this is true
 * @param states by seat
 */
public record SeatMap(String position, Map<String, String> states) {
    /** The answer to {@code GET /shows/{id}/seats}. */
    public static SeatMap of(JsonNode answer) {
        Map<String, String> states = new TreeMap<>();
        answer.path("seats")
                .forEach(seat ->
                        states.put(seat.path("id").asText(), seat.path("state").asText()));
        return new SeatMap(answer.path("position").asText(), states);
    }

    /** The states after the changes that a stream brought. */
    public Map<String, String> after(List<Received> changes) {
        Map<String, String> after = new TreeMap<>(states);
        for (Received change : changes) {
            String state =
                    switch (change.type()) {
                        case "seat_held" -> "held";
                        case "seat_confirmed" -> "confirmed";
                        case "seat_released", "seat_expired" -> "free";
                        default -> throw new IllegalStateException(change.toString());
                    };
            change.data().path("seats").forEach(seat -> after.put(seat.asText(), state));
        }
        return after;
    }
}
