package io.tailrace.bench.seats.http;

import java.nio.charset.StandardCharsets;

/**
 * The answer to a request.
 *
 * @param status of HTTP, or 0 if the connection failed before there was one
 * @param body what came with it
 * @param sentNs when the request was written, as {@link System#nanoTime()}
 * @param arrivedNs when the answer was complete, as {@link System#nanoTime()}
 */
public record HttpAnswer(int status, byte[] body, long sentNs, long arrivedNs) {
    /** The value of a JSON property that is text without escapes, the first of that name; empty if there is none. */
    public String text(String property) {
        String json = new String(body, StandardCharsets.UTF_8);
        String name = "\"" + property + "\":\"";
        int from = json.indexOf(name);
        int to = from < 0 ? -1 : json.indexOf('"', from + name.length());
        return to < 0 ? "" : json.substring(from + name.length(), to);
    }

    /** The status and what was said, for a message. */
    public String shown() {
        String said = new String(body, StandardCharsets.UTF_8);
        return status + " " + said.substring(0, Math.min(300, said.length()));
    }
}
