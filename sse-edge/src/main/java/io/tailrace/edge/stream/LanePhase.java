package io.tailrace.edge.stream;

/**
 * Where a lane stands in the log, seen from its loop. From any phase it can go back to {@link #PENDING}, when its topic
 * is created anew. Ordered from the furthest from the client's wish to the nearest.
 */
public enum LanePhase {
    /** Its partition is not ready, so its offset can't be held against the log. */
    PENDING,
    /** Its offset is above the loop's head: another edge was faster, or the cursor is wrong. Waits for the head. */
    AHEAD,
    /** Its offset is below the window: it waits for a replay chunk. */
    REPLAYING,
    /** Its offset is in the window or in a cached chunk: it is pulled when its sink is writable. */
    CATCHING_UP,
    /** At the loop's head, which is its offset: it gets each batch as it comes. */
    LIVE;

    boolean canBecome(LanePhase next) {
        return switch (this) {
            case PENDING -> true;
            case AHEAD, REPLAYING -> next == CATCHING_UP || next == PENDING;
            case CATCHING_UP -> next != CATCHING_UP;
            case LIVE -> next == CATCHING_UP || next == PENDING;
        };
    }
}
