package io.tailrace.edge.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * A decoder as httpx-sse 0.4.3 has it, which departs from WHATWG HTML, section 9.2.6: once it knows an id, every blank line
 * ends an event, with or without data. Written anew from its behaviour, so that no Python is needed here.
 */
final class LenientDecoder {
    private LenientDecoder() {}

    /** The data of each event that it hands out. */
    static List<String> events(String stream) {
        List<String> events = new ArrayList<>();
        List<String> data = new ArrayList<>();
        boolean any = false;
        String id = "";
        for (String line : stream.split("\n", -1)) {
            if (line.isEmpty()) {
                if (any || !data.isEmpty() || !id.isEmpty()) {
                    events.add(String.join("\n", data));
                }
                data.clear();
                any = false;
            } else if (line.startsWith("data: ")) {
                data.add(line.substring(6));
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (!line.startsWith(":")) {
                any = true;
            }
        }
        // What follows the last line feed is no line.
        events.removeLast();
        return events;
    }
}
