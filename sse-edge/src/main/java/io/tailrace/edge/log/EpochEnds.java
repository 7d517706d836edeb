package io.tailrace.edge.log;

import io.tailrace.edge.window.PartitionId;
import java.util.concurrent.CompletionStage;

/**
 * Where leader epochs end in a partition's log, as its leader says (OffsetsForLeaderEpoch, KIP-101 and KIP-320).
 * Thread-safe.
 */
public interface EpochEnds {
    /**
     * What the leader says of an epoch.
     *
     * @param epoch the largest epoch of the log that is not above the one that was asked for
     * @param endOffset the offset after its last record
     */
    record EpochEnd(int epoch, long endOffset) {}

    /**
     * Asks the partition's leader. Fails if there is no answer in time.
     *
     * @param epoch not above the partition's current leader epoch
     */
    CompletionStage<EpochEnd> end(PartitionId partition, int epoch);
}
