package io.tailrace.systemtests.fuzz.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One answer of HTTP/1.1.
 *
 * @param status its status
 * @param headers its headers, by their names in lower case
 * @param body its body; of a stream its first event
 */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(int status, Map<String, List<String>> headers, byte[] body) {
    /** The first value of a header, or nothing. */
    public String header(String name) {
        return headers.getOrDefault(name, List.of("")).getFirst();
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
