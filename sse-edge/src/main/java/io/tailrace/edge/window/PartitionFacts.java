package io.tailrace.edge.window;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;

/**
 * What is known of a partition at one moment.
 *
 * @param partition which one
 * @param generation of its topic
 * @param logStart the offset of the first record that retention has left
 * @param head the offset after the last record that the tailer has handed out; what comes next starts here
 * @param headEpoch the leader epoch that vouches for the head: of the record before it or of the leader that has told it;
 *     {@link Cursor#NO_EPOCH} if it is not known
 * @param logVersion which of its logs this is: another number each time that a part of it was truncated
 */
public record PartitionFacts(
        PartitionId partition, Generation generation, long logStart, long head, int headEpoch, long logVersion) {
    /** Checks the order. */
    public PartitionFacts {
        if (logStart < 0 || logStart > head) {
            throw new IllegalArgumentException(
                    "partition " + partition + ": logStart " + logStart + ", expected 0 to head " + head);
        }
    }

    /** The same of another log. */
    public PartitionFacts of(long otherLogVersion) {
        return new PartitionFacts(partition, generation, logStart, head, headEpoch, otherLogVersion);
    }

    /** The same without an epoch, of a log that was never truncated. */
    public PartitionFacts(PartitionId partition, Generation generation, long logStart, long head) {
        this(partition, generation, logStart, head, Cursor.NO_EPOCH, 0);
    }
}
