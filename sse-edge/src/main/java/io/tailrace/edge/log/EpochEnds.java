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
     * @param epoch the largest epoch of the log that is not above the one that was asked for. For one that is below the
     *     oldest that the log still knows, Kafka says the epoch that was asked for, which ends where the log begins.
     *     {@link io.tailrace.contracts.cursor.Cursor#NO_EPOCH} if the log knows none
     * @param endOffset the offset after its last record; 0 if the log knows none
     */
    record EpochEnd(int epoch, long endOffset) {}

    /**
     * Asks the partition's leader. Fails if there is no answer in time.
     *
     * @param epoch not above the partition's current leader epoch
     * @param leaderEpoch a leader of an earlier epoch is not asked; an answer may be a later one's
     */
    CompletionStage<EpochEnd> end(PartitionId partition, int epoch, int leaderEpoch);
}
