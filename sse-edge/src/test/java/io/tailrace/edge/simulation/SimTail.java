package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import org.jspecify.annotations.Nullable;

/** What tails the log for the loops of one edge. */
interface SimTail {
    void subscribe(SimLoop loop, PartitionId partition);

    void release(SimLoop loop, PartitionId partition);

    void requestLogEnd(SimLoop loop, PartitionId partition, int epoch, long ask);

    /** The generation of a namespace's topic that it has seen last; null for none. */
    @Nullable
    Generation generation(int namespace);

    /** Which log of a partition it reads. */
    long logVersion(PartitionId partition);

    /** Does one thing. */
    void step(long nowMs);

    /** Does all that is to be done, without faults. */
    void settle(long nowMs);

    /** Whether it has handed out all that there is. */
    boolean isAtEnd();
}
