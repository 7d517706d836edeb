package io.tailrace.systemtests.chaos.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of everything.
 *
 * @param clients streams that are open
 * @param followers clients among them, the first ones, that follow the author and read their feed
 * @param channels channels that are published to directly
 * @param perSecond events a second on each of them, and posts a second
 */
public record Scale(int clients, int followers, int channels, int perSecond) {
    /** What {@code ./tailrace chaos} does unless it is told otherwise. */
    public static final Scale DEFAULT = new Scale(120, 6, 12, 10);

    /** A channel that is published to and that no client may read. */
    public static final String SECRET = "chat:secret";

    /** Half of them may be read by grant of one kind, half of the other. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            names.add(i % 2 == 0 ? "chat:room" + i : "logs:chaos:run" + i);
        }
        return names;
    }

    /** Namespaces of {@link #names}; each has six partitions. */
    public List<String> namespaces() {
        return List.of("chat", "logs");
    }
}
