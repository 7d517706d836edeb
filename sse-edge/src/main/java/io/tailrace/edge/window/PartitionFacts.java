package io.tailrace.edge.window;

import io.tailrace.contracts.cursor.Generation;

/**
 * What is known of a partition at one moment.
 *
 * @param partition which one
 * @param generation of its topic
 * @param logStart the offset of the first record that retention has left
 * @param head the offset after the last record that the tailer has handed out; what comes next starts here
 */
public record PartitionFacts(PartitionId partition, Generation generation, long logStart, long head) {
    /** Checks the order. */
    public PartitionFacts {
        if (logStart < 0 || logStart > head) {
            throw new IllegalArgumentException(
                    "partition " + partition + ": logStart " + logStart + ", expected 0 to head " + head);
        }
    }
}
