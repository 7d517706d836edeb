package io.tailrace.edge.loop;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.Tailer;
import io.tailrace.edge.replay.ReplayReader;
import io.tailrace.edge.stream.LogPort;
import io.tailrace.edge.window.PartitionId;

/** A loop's port to the log: new records from the tailer, older ones from the replay reader. */
record LoopLog(EdgeLoop loop, Tailer tailer, ReplayReader replay) implements LogPort {
    @Override
    public void subscribe(PartitionId partition) {
        tailer.subscribe(loop, partition);
    }

    @Override
    public void release(PartitionId partition) {
        tailer.release(loop, partition);
        replay.cancel(loop.index(), partition);
    }

    @Override
    public void requestLogEnd(PartitionId partition, int epoch, long ask) {
        tailer.requestLogEnd(loop, partition, epoch, ask);
    }

    @Override
    public void requestReplay(PartitionId partition, Generation generation, long fromOffset) {
        replay.request(loop.index(), loop, partition, generation, fromOffset);
    }
}
