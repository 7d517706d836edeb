package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import java.util.List;

/**
 * What the tailer has in memory of a partition. Immutable.
 *
 * @param generation of its topic
 * @param start the first offset that the batches cover
 * @param head the offset after the last
 * @param headEpoch the leader epoch of the last record before it
 * @param batches the batches, oldest first
 */
public record WindowView(Generation generation, long start, long head, int headEpoch, List<Batch> batches) {}
