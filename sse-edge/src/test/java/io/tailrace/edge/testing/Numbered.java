package io.tailrace.edge.testing;

import io.tailrace.edge.testing.SseMessages.Message;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Events that carry a number, so that order and completeness show. */
public final class Numbered {
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

    private Numbered() {}

    /** A channel that nobody else has, in a namespace that anybody may read. */
    public static String channel(String namespace) {
        return namespace + ":" + UUID.randomUUID();
    }

    /** Publishes the numbers {@code [from, to)} one after the other. */
    public static void publish(String channel, int from, int to) {
        for (int i = from; i < to; i++) {
            TestBroker.shared().publish(channel, "note", json(i));
        }
    }

    /** The data of an event. */
    public static String json(int number) {
        return "{\"n\":" + number + "}";
    }

    /** The numbers of events. */
    public static List<Integer> numbers(List<Message> events) {
        return events.stream().map(Numbered::number).toList();
    }

    /** The number of an event. */
    public static int number(Message event) {
        Matcher matcher = NUMBER.matcher(event.data());
        if (!matcher.find()) {
            throw new AssertionError("no number in " + event);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** {@code [from, to)}. */
    public static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
