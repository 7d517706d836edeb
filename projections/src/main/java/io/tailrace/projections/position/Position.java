package io.tailrace.projections.position;

/**
 * A place in a partition.
 *
 * @param nextOffset the offset to read next: every record below it is applied
 * @param leaderEpoch of the record before it, or {@link #UNKNOWN_EPOCH}. After an unclean election other records may stand at
 *     the same offsets; the epoch tells them apart (KIP-320).
 */
public record Position(long nextOffset, int leaderEpoch) {
    /** Nobody knows which leader wrote what is before it. */
    public static final int UNKNOWN_EPOCH = -1;

    /** Where nothing is applied yet. */
    public static final Position START = new Position(0, UNKNOWN_EPOCH);

    /** Checks the numbers. */
    public Position {
        if (nextOffset < 0 || leaderEpoch < UNKNOWN_EPOCH) {
            throw new IllegalArgumentException("position: offset " + nextOffset + ", leader epoch " + leaderEpoch
                    + ", expected an offset of at least 0 and an epoch of at least " + UNKNOWN_EPOCH);
        }
    }
}
