package io.tailrace.edge.replay.plan;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;

/**
 * A range of a partition to read: from an offset, until about so many bytes were read.
 *
 * @param partition which
 * @param generation of its topic
 * @param fromOffset the first offset
 * @param maxBytes bytes of records, about; at least one record is read
 */
public record ReplayRange(PartitionId partition, Generation generation, long fromOffset, int maxBytes) {}
