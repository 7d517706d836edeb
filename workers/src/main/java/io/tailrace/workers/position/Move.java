package io.tailrace.workers.position;

/**
 * A step of a projection through a partition.
 *
 * @param partition the partition
 * @param from the position that the step begins at, as the database must still have it
 * @param to the position after it: everything below is applied; above {@code from}
 */
public record Move(int partition, long from, long to) {
    /** Checks the direction. */
    public Move {
        if (partition < 0 || from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "move: partition " + partition + " from " + from + " to " + to + ", expected a step forward");
        }
    }
}
