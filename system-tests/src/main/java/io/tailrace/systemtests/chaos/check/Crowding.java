package io.tailrace.systemtests.chaos.check;

import java.util.List;

/** How close together things happened. Pure. */
public final class Crowding {
    private Crowding() {}

    /** The most of some times, in any unit and order, that lie within one stretch of {@code window}. */
    public static int most(List<Long> times, long window) {
        List<Long> sorted = times.stream().sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.size(); last++) {
            while (sorted.get(last) - sorted.get(first) >= window) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
