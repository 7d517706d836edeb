package io.tailrace.standalone.supervision;

import java.util.Set;

/**
 * One thing that {@code up} brings up.
 *
 * @param name its name in {@code status}, {@code logs} and {@code --without}
 * @param needs the names of the parts that must be ready before it starts; those that are left out don't count
 * @param uses the names of parts that it can start without, but that must not stop before it
 * @param startLimitMs how long one start may take, milliseconds
 * @param stopLimitMs how long it may take to stop before it is killed, milliseconds
 */
public record Part(String name, Set<String> needs, Set<String> uses, long startLimitMs, long stopLimitMs) {
    /** Copies the sets. */
    public Part {
        needs = Set.copyOf(needs);
        uses = Set.copyOf(uses);
        if (startLimitMs <= 0 || stopLimitMs <= 0) {
            throw new IllegalArgumentException(
                    "part " + name + ": limits " + startLimitMs + " and " + stopLimitMs + " ms, expected above 0");
        }
    }
}
