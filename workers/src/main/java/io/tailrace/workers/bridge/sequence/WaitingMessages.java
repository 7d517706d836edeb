package io.tailrace.workers.bridge.sequence;

import io.tailrace.workers.bridge.sequence.SourceMessage.Gap;
import io.tailrace.workers.bridge.sequence.SourceMessage.Point;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Messages of a call that came before one in front of them, by their numbers. Pure, and confined to one thread. */
final class WaitingMessages {
    private final TreeMap<Long, Arrival> byNumber = new TreeMap<>();

    private record Arrival(SourceMessage message, long atMs) {}

    void add(SourceMessage message, long nowMs) {
        byNumber.put(message.sequence(), new Arrival(message, nowMs));
    }

    boolean isEmpty() {
        return byNumber.isEmpty();
    }

    int size() {
        return byNumber.size();
    }

    boolean has(long number) {
        return byNumber.containsKey(number);
    }

    /** The lowest number; there is one. */
    long first() {
        return byNumber.firstKey();
    }

    /** Takes the message with the lowest number away; there is one. */
    SourceMessage poll() {
        return byNumber.pollFirstEntry().getValue().message();
    }

    /** How long the one that came first has waited, in milliseconds. */
    long longestMs(long nowMs) {
        return nowMs - byNumber.values().stream().mapToLong(Arrival::atMs).min().orElse(nowMs);
    }

    /** What the source says about a number that has not come; null if it says nothing. */
    @Nullable
    Gap gapOf(long number) {
        for (Arrival arrival : byNumber.values()) {
            if (arrival.message().event() instanceof Gap gap && gap.first() <= number && gap.last() >= number) {
                return gap;
            }
        }
        return null;
    }

    /** The time of the first reading among them; null if there is none. */
    @Nullable
    Instant firstAt() {
        for (Arrival arrival : byNumber.values()) {
            if (arrival.message().event() instanceof Point point) {
                return point.at();
            }
        }
        return null;
    }
}
