package io.tailrace.systemtests.chaos.check;

/** What can be wrong. */
public enum Finding {
    /** An event of the log never came, and no gap told of it. */
    LOST,
    /** An event came twice. */
    REPEATED,
    /** An event came after one that stands behind it in the log. */
    OUT_OF_ORDER,
    /** An event, or a channel, came that the client may not read, or no longer has. */
    UNENTITLED,
    /** An event came that is not in the log. */
    INVENTED,
    /** A gap was told where the log has the records. */
    UNTRUE_GAP,
    /** A channel was told to start where it does not. */
    UNTRUE_START,
    /** A cursor was refused though the log has never been made anew. */
    RESET,
    /** A channel was taken away that the client wanted and may read. */
    TAKEN_AWAY,
    /** A stream has other channels than were asked for. */
    OTHER_CHANNELS,
    /** The stream said what the protocol does not have. */
    NONSENSE,
    /** A write was acknowledged, and the log does not have it, or has it twice, or in another order. */
    WRITE
}
