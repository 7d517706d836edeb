package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;

/**
 * How far a partition reaches, and where one of its leader epochs ends, as its leader says.
 *
 * @param offset after the last committed record
 * @param leaderEpoch of the leader; {@link Cursor#NO_EPOCH} if it is not known
 * @param askedEpoch the epoch that was asked for; {@link Cursor#NO_EPOCH} if none was, or if it is not below the leader's
 * @param foundEpoch the largest epoch of the log that is not above it; {@link Cursor#NO_EPOCH} if the log knows none
 * @param epochEnd the offset after the last record of the epoch that was found
 */
public record LogEnd(long offset, int leaderEpoch, int askedEpoch, int foundEpoch, long epochEnd) {
    /** Without a word about epochs. */
    public LogEnd(long offset, int leaderEpoch) {
        this(offset, leaderEpoch, Cursor.NO_EPOCH, Cursor.NO_EPOCH, 0);
    }
}
