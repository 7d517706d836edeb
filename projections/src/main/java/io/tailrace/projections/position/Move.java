package io.tailrace.projections.position;

/**
 * A step of a projection through a partition.
 *
 * @param partition the partition
 * @param from the position that the step begins at, as the database must still have it
 * @param to the position after it: everything below is applied; above {@code from}
 * @param leaderEpoch of the last record before {@code to}, or {@link Position#UNKNOWN_EPOCH}
 */
public record Move(int partition, long from, long to, int leaderEpoch) {
    /** Checks the direction. */
    public Move {
        if (partition < 0 || from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "move: partition " + partition + " from " + from + " to " + to + ", expected a step forward");
        }
    }

    /** A step over something of which no leader epoch is known. */
    public Move(int partition, long from, long to) {
        this(partition, from, to, Position.UNKNOWN_EPOCH);
    }
}
