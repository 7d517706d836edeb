package io.tailrace.edge.replay.plan;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;

/**
 * A log that is read: a partition of a topic as it was created at one time.
 *
 * @param partition the partition
 * @param generation of its topic
 */
record Source(PartitionId partition, Generation generation) {}
