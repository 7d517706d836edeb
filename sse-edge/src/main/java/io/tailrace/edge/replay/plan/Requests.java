package io.tailrace.edge.replay.plan;

import java.util.TreeMap;

/** What the loops want of one partition, and how far its last sweep came. */
final class Requests {
    private final TreeMap<Integer, Long> offsetByLoop = new TreeMap<>();
    private long sweptTo;
    private boolean inFlight;

    int size() {
        return offsetByLoop.size();
    }

    void put(int loop, long offset) {
        offsetByLoop.put(loop, offset);
    }

    boolean remove(int loop) {
        return offsetByLoop.remove(loop) != null;
    }

    boolean isIdle() {
        return offsetByLoop.isEmpty() && !inFlight;
    }

    int[] loops() {
        return offsetByLoop.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The offset to read from: the smallest from where the sweep is, or the smallest of all. */
    long begin() {
        inFlight = true;
        long smallest = Long.MAX_VALUE;
        long above = Long.MAX_VALUE;
        for (long offset : offsetByLoop.values()) {
            smallest = Math.min(smallest, offset);
            above = offset >= sweptTo ? Math.min(above, offset) : above;
        }
        return above == Long.MAX_VALUE ? smallest : above;
    }

    void end() {
        inFlight = false;
    }

    void served(long fromOffset, long toOffset) {
        sweptTo = toOffset;
        offsetByLoop.values().removeIf(offset -> fromOffset <= offset && offset < toOffset);
    }

    /** Takes out the requests in a range, and says whose they were. */
    int[] take(long fromOffset, long toOffset) {
        int[] loops = offsetByLoop.entrySet().stream()
                .filter(entry -> fromOffset <= entry.getValue() && entry.getValue() < toOffset)
                .mapToInt(entry -> entry.getKey())
                .toArray();
        for (int loop : loops) {
            offsetByLoop.remove(loop);
        }
        return loops;
    }
}
