package io.tailrace.bench.seats.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The requests of the contract's "Seats", as bytes.
 *
 * @param prefix of the paths: empty for Tailrace, {@code /postgres} or {@code /redis} for what it is compared with
 */
public record Requests(String prefix) {
    /** Offers a show of one section {@code A}. */
    public byte[] show(String token, int rows, int seatsPerRow, int maxSeatsPerUser) {
        String body =
                "{\"name\":\"Rush\",\"starts_at\":\"2090-01-01T00:00:00Z\",\"sections\":[{\"name\":\"A\",\"rows\":"
                        + rows
                        + ",\"seats_per_row\":" + seatsPerRow + ",\"price\":10}],\"max_seats_per_user\":"
                        + maxSeatsPerUser
                        + "}";
        return request("POST", "/shows", token, UUID.randomUUID().toString(), body);
    }

    /** Holds seats. */
    public byte[] hold(String token, UUID show, List<String> seats, int holdSeconds, String key) {
        String names = seats.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
        String body = "{\"seats\":" + names + ",\"hold_seconds\":" + holdSeconds + "}";
        return request("POST", "/shows/" + show + "/reservations", token, key, body);
    }

    /** Turns a hold into a purchase. */
    public byte[] confirm(String token, UUID reservation, String key) {
        return request("POST", "/reservations/" + reservation + "/confirm", token, key, "");
    }

    /** Gives a hold back. */
    public byte[] release(String token, UUID reservation, String key) {
        return request("DELETE", "/reservations/" + reservation, token, key, "");
    }

    /** The seat map. */
    public byte[] seats(UUID show) {
        return request("GET", "/shows/" + show + "/seats", "", "", "");
    }

    private byte[] request(String method, String path, String token, String key, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(600)
                .append(method)
                .append(' ')
                .append(prefix)
                .append(path)
                .append(" HTTP/1.1\r\nHost: localhost\r\n");
        if (!token.isEmpty()) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        if (!key.isEmpty()) {
            head.append("Idempotency-Key: ").append(key).append("\r\nPrefer: wait=10\r\n");
        }
        if (content.length > 0) {
            head.append("Content-Type: application/json\r\n");
        }
        head.append("Content-Length: ")
                .append(content.length)
                .append("\r\n\r\n")
                .append(body);
        return head.toString().getBytes(StandardCharsets.UTF_8);
    }
}
