package io.tailrace.edge.replay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the last events of some channels of one partition begin, from records that are shown to it newest first.
 * Pure; used by one thread.
 */
final class LastSearch {
    private final Map<String, Integer> missing;
    private final Map<String, Seen> oldest = new HashMap<>();

    /**
     * A search.
     *
     * @param counts how many events of each channel are wanted, 1 or more
     */
    LastSearch(Map<String, Integer> counts) {
        this.missing = new HashMap<>(counts);
    }

    /** A record of the partition, with its leader epoch. */
    record Seen(String channel, long offset, int leaderEpoch) {}

    /** Shows a range of the partition, in offset order, that lies before everything shown so far. */
    void show(List<Seen> range) {
        for (Seen seen : range.reversed()) {
            Integer left = missing.get(seen.channel);
            if (left != null && left > 0) {
                missing.put(seen.channel, left - 1);
                oldest.put(seen.channel, seen);
            }
        }
    }

    /** Whether all are found. */
    boolean isDone() {
        return missing.values().stream().allMatch(left -> left == 0);
    }

    /** The record at which a channel starts; null if nothing of it was found. */
    @Nullable
    Seen start(String channel) {
        return oldest.get(channel);
    }
}
