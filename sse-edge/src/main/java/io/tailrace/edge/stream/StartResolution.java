package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;

/** What a wanted start comes to when it is held against the log. */
sealed interface StartResolution {
    /** It starts here. */
    record From(long offset) implements StartResolution {}

    /** Retention has deleted what is wanted first: it starts at {@code to}, and the client is told. */
    record Gap(long from, long to) implements StartResolution {}

    /** What the client has read is not in the log any more: it starts at {@code to}, and the client is told. */
    record Truncated(long to, int epoch) implements StartResolution {}

    /**
     * It is beyond what this edge has seen, of another leader epoch, or of another generation. Another edge may have been
     * faster, so a broker is asked which generation there is, how far it reaches, and where the epoch ends.
     */
    record Ask() implements StartResolution {}

    /**
     * Holds a start against the log.
     *
     * @param start what is wanted
     * @param view the partition now, which is ready
     */
    static StartResolution resolve(Start start, PartitionView view) {
        return switch (start) {
            case Start.Live live -> new From(view.head());
            case Start.Earliest earliest -> new From(Math.min(view.logStart, view.head()));
            case Start.At at -> at.generation().equals(view.generation) ? resolve(at, view) : new Ask();
        };
    }

    private static StartResolution resolve(Start.At at, PartitionView view) {
        // A window may still have what retention has deleted.
        long servableFrom = LoopState.servableFrom(view);
        return switch (PositionCheck.of(at.offset(), at.leaderEpoch(), view)) {
            case PositionCheck.Valid valid ->
                at.offset() < servableFrom ? new Gap(at.offset(), servableFrom) : new From(at.offset());
            case PositionCheck.Unknown unknown -> new Ask();
            case PositionCheck.CutAt cut -> new Truncated(cut.offset(), cut.epoch());
            case PositionCheck.Cut cut -> new Truncated(servableFrom, Cursor.NO_EPOCH);
        };
    }
}
