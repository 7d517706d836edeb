package io.tailrace.edge.stream;

/**
 * Where a lane stands in the log, seen from its loop. It begins in {@link #PENDING}; from any phase it can go back there
 * when its topic is created anew.
 */
public enum LanePhase {
    /** Its partition is not ready, so it has no position in the window yet. */
    PENDING,
    /** Its offset is above the loop's head: another edge was faster, or the cursor is wrong. Waits for the head. */
    AHEAD,
    /** Its offset is below the window: it waits for a replay chunk. */
    REPLAYING,
    /** Its offset is in the window or in a cached chunk: it is pulled when its sink is writable. */
    CATCHING_UP,
    /** At the loop's head: it gets each batch as it comes. */
    LIVE
}
