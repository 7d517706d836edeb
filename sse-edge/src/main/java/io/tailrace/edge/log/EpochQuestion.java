package io.tailrace.edge.log;

import io.tailrace.edge.log.EpochEnds.EpochEnd;
import io.tailrace.edge.window.PartitionId;
import java.util.concurrent.CompletableFuture;

/**
 * Where an epoch ends in a partition. Thread-safe.
 *
 * @param id what is asked
 * @param answer completed by whoever knows it, or by a time-out
 */
record EpochQuestion(Id id, CompletableFuture<EpochEnd> answer) {
    /**
     * Questions that are equal share an answer.
     *
     * @param leaderEpoch the least that the leader may have who answers
     */
    record Id(PartitionId partition, int epoch, int leaderEpoch) {}

    boolean isOver() {
        return answer.isDone();
    }
}
