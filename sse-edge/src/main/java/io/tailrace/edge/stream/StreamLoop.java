package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * All streams of one event loop. Inputs are events ({@code on…}), requests and time; outputs go to each stream's
 * {@link StreamSink} and to the {@link LogPort}. Not thread-safe: everything is called on the loop's thread.
 *
 * <p>The driver's duty: hand every input in, and after one or a few of them call {@link #turn}, which writes what is
 * behind, flushes each touched sink once and asks for replays. If it returns true, call it again soon, after other
 * work of the loop. Call {@link #tick} about every 100 ms.
 */
public final class StreamLoop {
    /**
     * A loop without streams.
     *
     * @param settings its bounds
     * @param log where it reads
     * @param random for jitter only
     */
    public StreamLoop(StreamSettings settings, LogPort log, RandomGenerator random) {
        throw new UnsupportedOperationException("not built yet " + settings + log + random);
    }

    /**
     * Opens a stream. Nothing is written before the next {@link #turn}; {@code stream.open} is the first event on it.
     *
     * @param plan what it reads; each channel once, and no two channels of a partition with the same
     *     {@link io.tailrace.contracts.cursor.Cursor#channelHash} (see {@link ChannelHashes#collisions})
     * @param sink its connection
     * @param nowMs milliseconds since the epoch
     */
    public EventStream open(StreamPlan plan, StreamSink sink, long nowMs) {
        throw new UnsupportedOperationException("not built yet " + plan + sink + nowMs);
    }

    /** The sink is writable again. Takes a note only. */
    public void onWritable(EventStream stream) {}

    /** The connection is gone; the stream is forgotten in the next turn and its sink not called any more. */
    public void onDisconnected(EventStream stream) {}

    /** Adds and removes channels of an open stream. A stream without channels is closed. */
    public ChangeOutcome change(EventStream stream, ChannelChanges changes) {
        throw new UnsupportedOperationException("not built yet " + stream + changes);
    }

    /**
     * The stream has a new token: it lives as long as that one, and channels that it does not allow are removed.
     *
     * @param allowed whether a channel may still be read
     * @param tokenExpiresAtMs when the new token ends
     */
    public void replaceGrants(EventStream stream, Predicate<String> allowed, long tokenExpiresAtMs) {}

    /** Closes a stream in the next turn, with {@code stream.closing}. */
    public void close(EventStream stream, CloseReason reason) {}

    /** Closes the stream that was opened first; false if there is none. */
    public boolean closeOldest(CloseReason reason) {
        return false;
    }

    /**
     * A partition can be read: the answer to {@link LogPort#subscribe}. May be repeated, after the partition was
     * unavailable or its tailer skipped something: streams then read on from where they are.
     *
     * @param facts as of now; if the generation is another one, {@link #onRegenerated} is implied
     * @param window the newest batches, contiguous, ending at {@code facts.head()}; may be empty
     */
    public void onPartitionReady(PartitionFacts facts, List<Batch> window) {}

    /** A partition can't be read for now; its channels are told. */
    public void onPartitionUnavailable(PartitionId partition) {}

    /**
     * A topic was deleted and created again. Its streams are reset to offset zero of the new one and wait for
     * {@link #onPartitionReady} of each partition.
     */
    public void onRegenerated(int namespace, Generation generation) {}

    /**
     * The next stretch of a partition. Of another generation, or of a partition that the loop has not subscribed: it is
     * ignored. Below the head: only what is new in it counts. Above the head: what is missing is replayed from the log.
     */
    public void onBatch(Batch batch) {}

    /** Retention has moved the start of the log. */
    public void onLogStart(PartitionId partition, Generation generation, long logStart) {}

    /** Where the log ends, read committed: the answer to {@link LogPort#requestLogEnd}. */
    public void onLogEnd(PartitionId partition, Generation generation, long logEnd) {}

    /** A chunk from the log. May come unasked, because another loop asked for it. */
    public void onReplay(Batch chunk) {}

    /** Nothing below {@code logStart} can be read any more. */
    public void onReplayGap(PartitionId partition, Generation generation, long logStart) {}

    /** The read failed; the loop asks again at a later tick. */
    public void onReplayFailed(PartitionId partition, Generation generation, long fromOffset) {}

    /**
     * Writes to streams that are behind, bounded; flushes every touched sink once; asks for replays.
     *
     * @return whether there is more to do at once
     */
    public boolean turn(long nowMs) {
        return nowMs < 0;
    }

    /** Does what is due: heartbeats, positions, ends of tokens, stalls, open timeouts, drain. Flushes what it wrote. */
    public void tick(long nowMs) {}

    /** Closes all streams, spread over {@code durationMs}; also those that are opened meanwhile. */
    public void drain(long nowMs, long durationMs) {}

    /** Open streams. */
    public int streams() {
        return 0;
    }

    /** Counts for metrics. */
    public LoopStats stats() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Whether the loop knows the position of every channel of the stream, so that it could be told. */
    public StreamInfo describe(EventStream stream) {
        throw new UnsupportedOperationException("not built yet " + stream);
    }

    /**
     * A page of open streams, in no particular order.
     *
     * @param from how many to skip, 0 or more
     * @param limit the most to return
     */
    public List<EventStream> page(int from, int limit) {
        return List.of();
    }
}
