package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;

/** Where a channel of a stream starts. */
public sealed interface Start {
    /** With the next event. */
    record Live() implements Start {}

    /** With the oldest event that retention has left. */
    record Earliest() implements Start {}

    /**
     * At an offset: resumed from a cursor, or {@code last:N} after its offset was looked up.
     *
     * @param generation of the topic that the offset belongs to
     * @param offset the first offset that is wanted
     * @param leaderEpoch of the last record before it, {@link Cursor#NO_EPOCH} if it is not known
     */
    record At(Generation generation, long offset, int leaderEpoch) implements Start {
        /** Checks the range. */
        public At {
            if (offset < 0) {
                throw new IllegalArgumentException("offset: " + offset + ", expected 0 or more");
            }
        }

        /** An offset whose epoch is not known. */
        public At(Generation generation, long offset) {
            this(generation, offset, Cursor.NO_EPOCH);
        }
    }
}
