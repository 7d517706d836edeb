package io.tailrace.systemtests.client;

import io.tailrace.systemtests.client.Api.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Somebody who buys seats, and waits as long for a decision as is allowed. Thread-safe.
 *
 * @param api the API with this person's token
 */
public record Buyer(Api api) {
    private static final Map<String, String> PATIENT = Map.of("Prefer", "wait=30");

    /** Asks for seats. */
    public Answer hold(String show, String... seats) throws IOException, InterruptedException {
        return hold(show, PATIENT, seats);
    }

    /** Asks for seats with headers of its own. */
    public Answer hold(String show, Map<String, String> headers, String... seats)
            throws IOException, InterruptedException {
        return api.call("POST", path(show), Map.of("seats", List.of(seats)), headers);
    }

    /** Asks for a seat for so many seconds. */
    public Answer holdFor(int seconds, String show, String seat) throws IOException, InterruptedException {
        return api.call("POST", path(show), Map.of("seats", List.of(seat), "hold_seconds", seconds), PATIENT);
    }

    /** Asks for seats that must be free; answers the reservation's id. */
    public String held(String show, String... seats) throws IOException, InterruptedException {
        Answer answer = hold(show, seats);
        if (answer.status() != 201) {
            throw new IllegalStateException("not held: " + answer);
        }
        return answer.json().path("id").asText();
    }

    /** Buys what is held. */
    public Answer confirm(String reservation) throws IOException, InterruptedException {
        return api.call("POST", "/reservations/" + reservation + "/confirm", null, PATIENT);
    }

    /** Gives back what is held. */
    public Answer release(String reservation) throws IOException, InterruptedException {
        return api.call("DELETE", "/reservations/" + reservation, null, PATIENT);
    }

    /** Looks at a reservation. */
    public Answer see(String reservation) throws IOException, InterruptedException {
        return api.call("GET", "/reservations/" + reservation, null);
    }

    private static String path(String show) {
        return "/shows/" + show + "/reservations";
    }
}
