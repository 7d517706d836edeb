package io.tailrace.edge.stream;

import io.tailrace.edge.window.Batch;
import org.jspecify.annotations.Nullable;

/**
 * A frame that a stream has begun to write and that did not fit into what the stream may have pending. Nothing else is written
 * to the stream before its end. It holds no bytes of the record: what is left is found again by the record's offset, in a
 * window, a cached chunk or the log, because a record is encoded into the same bytes every time. What stands before the record
 * was written at once, the id among it; but a client of gRPC gets its cursor with the last part.
 */
final class BegunFrame {
    /** Where its record is read; it stays at the record's offset until the frame is finished. */
    final Lane lane;

    final long offset;

    /** The length of the part that may be split, in bytes: if it is another one, it is another record. */
    final int length;

    /** The leader epoch of the record: if it is another one, it is another record. */
    final int epoch;

    /** What the last part begins with, encoded; null if that is nothing. */
    final byte @Nullable [] withLast;

    /** What of that is still to be written: that many bytes from its end. */
    int left;

    /** The record can't be read any more, so the stream must end here. */
    boolean lost;

    /** What it is read from after its lane has gone with its last channel. */
    @Nullable
    Batch pinned;

    BegunFrame(Lane lane, long offset, int epoch, int length, int left, byte @Nullable [] withLast) {
        this.lane = lane;
        this.offset = offset;
        this.epoch = epoch;
        this.length = length;
        this.left = left;
        this.withLast = withLast;
    }
}
