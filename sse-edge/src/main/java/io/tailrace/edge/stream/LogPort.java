package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;

/**
 * What a loop asks of the log. Every call returns at once; answers come later, on the loop's thread, through the
 * {@code on…} methods of {@link StreamLoop}. All answers of one partition must arrive in the order in which its tailer
 * gave them.
 */
public interface LogPort {
    /**
     * The loop has its first stream on a partition. Answered by {@link StreamLoop#onPartitionReady}, then by every batch
     * through {@link StreamLoop#onBatch}; as long as the partition can't be read, by
     * {@link StreamLoop#onPartitionUnavailable}.
     */
    void subscribe(PartitionId partition);

    /** The loop has no stream on the partition any more. Batches that are under way are ignored. */
    void release(PartitionId partition);

    /**
     * A client's cursor is beyond the loop's head, of another generation or of another leader epoch: ask a broker, and no
     * cache, which generation the topic has, how far the partition reaches (read committed), what its leader epoch is, and
     * where {@code epoch} ends if it is below that one. Answered by {@link StreamLoop#onLogEnd}; a driver that can't get an
     * answer tries again until the partition is released. The answer must be of the leader whose log was compared with what the
     * loop was given; that of a later one has to wait until the loop was told how its log differs. A loop has at most one such
     * question per partition outstanding.
     *
     * @param epoch the leader epoch of a client's cursor, which may be one that never was;
     *     {@link io.tailrace.contracts.cursor.Cursor#NO_EPOCH} for none
     * @param ask given back with the answer, so that an answer to an earlier question is not taken for this one's
     */
    void requestLogEnd(PartitionId partition, int epoch, long ask);

    /**
     * The loop wants to read on from {@code fromOffset}, which is below its window. Answered by one
     * {@link StreamLoop#onReplay} with a chunk that covers that offset, by {@link StreamLoop#onReplayGap} if retention
     * has deleted it, or by {@link StreamLoop#onReplayFailed}. The chunk may be of another leader's log. A loop has at most one
     * such request per partition outstanding; a later one for the same partition replaces it.
     */
    void requestReplay(PartitionId partition, Generation generation, long fromOffset);
}
