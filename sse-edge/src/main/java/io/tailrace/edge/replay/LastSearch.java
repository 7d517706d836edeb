package io.tailrace.edge.replay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where the last events of some channels of one partition begin, from records that are shown to it newest first.
 * Pure; used by one thread.
 */
final class LastSearch {
    private final Map<String, Integer> missing;
    private final Map<String, Long> oldest = new HashMap<>();

    /**
     * A search.
     *
     * @param counts how many events of each channel are wanted, 1 or more
     */
    LastSearch(Map<String, Integer> counts) {
        this.missing = new HashMap<>(counts);
    }

    /** A record of the partition. */
    record Seen(String channel, long offset) {}

    /** Shows a stretch of the partition, in offset order, that lies before everything shown so far. */
    void show(List<Seen> stretch) {
        for (Seen seen : stretch.reversed()) {
            Integer left = missing.get(seen.channel);
            if (left != null && left > 0) {
                missing.put(seen.channel, left - 1);
                oldest.put(seen.channel, seen.offset);
            }
        }
    }

    /** Whether all are found. */
    boolean isDone() {
        return missing.values().stream().allMatch(left -> left == 0);
    }

    /**
     * Where a channel starts.
     *
     * @param head where it starts if nothing of it was found
     */
    long start(String channel, long head) {
        return oldest.getOrDefault(channel, head);
    }
}
