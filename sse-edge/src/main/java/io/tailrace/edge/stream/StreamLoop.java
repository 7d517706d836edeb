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
 *
 * <p>What throws below (a sink, the log's port, a fault of the loop's own) does not come out of a call: the streams concerned
 * are closed, their clients resume at their cursors, and the {@link FaultListener} is told.
 */
public final class StreamLoop {
    private final LoopState state;
    private final Placement placement;
    private final Questions questions;
    private final Truncations truncations;
    private final Membership membership;
    private final Endings endings;
    private final Deadlines deadlines;
    private final Delivery delivery;
    private final CatchUp catchUp;
    private final Replays replays;
    private final Guard guard;

    /**
     * A loop without streams.
     *
     * @param settings its bounds
     * @param log where it reads
     * @param random for jitter only
     * @param faults hears of exceptions that the loop has survived
     */
    public StreamLoop(StreamSettings settings, LogPort log, RandomGenerator random, FaultListener faults) {
        state = new LoopState(settings, log, random, faults);
        FrameWriter writer = new FrameWriter(state);
        Notices notices = new Notices(state, writer);
        questions = new Questions(state);
        placement = new Placement(state, questions);
        truncations = new Truncations(state, placement);
        membership = new Membership(state, placement);
        endings = new Endings(state, notices, membership, placement);
        deadlines = new Deadlines(state, writer, notices, endings, placement);
        delivery = new Delivery(state, writer, placement);
        catchUp = new CatchUp(state, writer, notices);
        replays = new Replays(state, questions);
        guard = new Guard(state, endings);
    }

    /**
     * Opens a stream. Nothing is written before the next {@link #turn}; {@code stream.open} is the first event on it.
     *
     * @param plan what it reads; each channel once, and no two channels of a partition with the same
     *     {@link io.tailrace.contracts.cursor.Cursor#channelHash} (see {@link ChannelHashes#collisions})
     * @param sink its connection
     * @param nowMs milliseconds of a clock that does not go back, as in every other call
     */
    public EventStream open(StreamPlan plan, StreamSink sink, long nowMs) {
        state.nowMs = nowMs;
        EventStream stream = new EventStream(plan, sink, nowMs);
        guard.stream(stream, "open", () -> {
            membership.open(stream, plan);
            deadlines.watch(stream);
        });
        return stream;
    }

    /** The sink is writable again, or has sent all that it held. Takes a note only. */
    public void onWritable(EventStream stream) {
        if (stream.closed) {
            return;
        }
        state.pending.refresh(stream);
        if (stream.lastUnsentBytes >= 0) {
            // It was watched for a stall, at long intervals; what is due on a stream that reads may be due sooner.
            stream.lastUnsentBytes = -1;
            deadlines.watch(stream);
        }
        if (stream.blocked) {
            stream.blocked = false;
            state.enqueue(stream);
        }
    }

    /** The client of a WebSocket has said something, so it is there. Takes a note only. */
    public void onHeard(EventStream stream) {
        stream.pingedAtMs = -1;
    }

    /** The connection is gone; the stream is forgotten in the next turn and its sink not called any more. */
    public void onDisconnected(EventStream stream) {
        endings.disconnected(stream);
    }

    /**
     * Adds and removes channels of an open stream; the time grows with the names in the change. A stream without channels
     * is closed.
     *
     * @return if {@link ChangeOutcome#BUSY}, nothing was done, and the stream is told that
     */
    public ChangeOutcome change(EventStream stream, ChannelChanges changes) {
        if (stream.isLeaving()) {
            return ChangeOutcome.CLOSED;
        }
        if (stream.changes != null && stream.changes.byteSize() >= state.settings.pendingChangeBytes()) {
            guard.stream(stream, "change", () -> membership.refuse(stream, changes));
            return ChangeOutcome.BUSY;
        }
        if (!guard.stream(stream, "change", () -> membership.change(stream, changes))) {
            return ChangeOutcome.CLOSED;
        }
        closeIfEmpty(stream);
        return ChangeOutcome.ACCEPTED;
    }

    /** The stream is to be told that so many changes of it were not made. */
    public void dropped(EventStream stream, int changes) {
        guard.stream(stream, "change", () -> membership.dropped(stream, changes));
    }

    /** A newer token of the stream waits for its turn: the stream lives at least as long as that one. */
    public void prolong(EventStream stream, long tokenExpiresAtMs) {
        if (!stream.isLeaving() && stream.tokenExpiresAtMs < tokenExpiresAtMs) {
            stream.tokenExpiresAtMs = tokenExpiresAtMs;
            deadlines.watch(stream);
        }
    }

    /**
     * The stream has a new token: it lives as long as that one, and channels that it does not allow are removed.
     *
     * @param allowed whether a channel may still be read
     * @param tokenExpiresAtMs when the new token ends
     */
    public void replaceGrants(EventStream stream, Predicate<String> allowed, long tokenExpiresAtMs) {
        if (stream.isLeaving()) {
            return;
        }
        stream.tokenExpiresAtMs = tokenExpiresAtMs;
        deadlines.watch(stream);
        guard.stream(stream, "revoke", () -> membership.revoke(stream, allowed, "access_revoked"));
        closeIfEmpty(stream);
    }

    /** Closes a stream in the next turn, with {@code stream.closing}. */
    public void close(EventStream stream, CloseReason reason) {
        endings.close(stream, reason);
    }

    /** Closes the stream that was opened first; false if there is none. */
    public boolean closeOldest(CloseReason reason) {
        EventStream stream = state.table.oldest();
        while (stream != null && stream.isLeaving()) {
            stream = stream.youngerNeighbour;
        }
        if (stream == null) {
            return false;
        }
        endings.close(stream, reason);
        return true;
    }

    /**
     * A partition can be read: the answer to {@link LogPort#subscribe}. May be repeated, after the partition was
     * unavailable or its tailer skipped something: streams then read on from where they are.
     *
     * <p>A topic has one generation: a driver that has told a loop of another one for any partition, here or by
     * {@link #onRegenerated}, never tells it of the former again, and repeats this call for every partition of the
     * topic that the loop has subscribed.
     *
     * @param facts as of now; if the generation is another one, {@link #onRegenerated} is implied
     * @param window the newest batches, contiguous, ending at {@code facts.head()}; may be empty
     */
    public void onPartitionReady(PartitionFacts facts, List<Batch> window) {
        guard.partition(facts.partition(), "ready", () -> {
            truncations.onReady(facts);
            placement.onReady(facts, window);
        });
    }

    /** A partition can't be read for now; its channels are told. */
    public void onPartitionUnavailable(PartitionId partition) {
        guard.partition(partition, "unavailable", () -> placement.onUnavailable(partition));
    }

    /**
     * A topic was deleted and created again. Its streams are reset to offset zero of the new one and wait for
     * {@link #onPartitionReady} of each partition.
     */
    public void onRegenerated(int namespace, Generation generation) {
        guard.namespace(namespace, "regenerated", () -> placement.adopt(namespace, generation));
    }

    /**
     * The next range of a partition. Of another generation, or of a partition that the loop has not subscribed: it is
     * ignored. Below the head: only what is new in it counts. Above the head: what is missing is replayed from the log.
     */
    public void onBatch(Batch batch) {
        guard.partition(batch.partition(), "batch", () -> delivery.onBatch(batch));
    }

    /** Retention has moved the start of the log. */
    public void onLogStart(PartitionId partition, Generation generation, long logStart) {
        guard.partition(partition, "log start", () -> placement.onLogStart(partition, generation, logStart));
    }

    /**
     * A part of a partition's log is gone, and other records are in its place or will be. Comes before any batch, and is
     * followed by {@link #onPartitionReady} with the same facts. Streams that were given more than what is left are reset.
     *
     * @param facts the log as it is now, with another {@link PartitionFacts#logVersion}
     * @param divergedAt up to here the log is what it was
     * @param divergedEpoch the leader epoch of the last record before that,
     *     {@link io.tailrace.contracts.cursor.Cursor#NO_EPOCH} if it is not known
     */
    public void onTruncated(PartitionFacts facts, long divergedAt, int divergedEpoch) {
        guard.partition(
                facts.partition(), "truncated", () -> truncations.onTruncated(facts, divergedAt, divergedEpoch));
    }

    /**
     * The tailer had lost its place in a partition and has found it again: nothing that it had read was truncated. What was
     * read beyond that, as replays may, is not used any more. Comes and is followed as {@link #onTruncated}.
     */
    public void onRejoined(PartitionFacts facts) {
        guard.partition(facts.partition(), "rejoined", () -> truncations.onRejoined(facts));
    }

    /**
     * Where the log ends, read committed, and of which generation it is: the answer to {@link LogPort#requestLogEnd}. A
     * driver that sees another generation than its tailer's has the tailer look; the loop asks again at the next tick.
     *
     * @param ask as {@link LogPort#requestLogEnd} was given it
     */
    public void onLogEnd(PartitionId partition, Generation generation, LogEnd logEnd, long ask) {
        guard.partition(partition, "log end", () -> questions.onLogEnd(placement, partition, generation, logEnd, ask));
    }

    /**
     * A chunk from the log. May come unasked, because another loop asked for it.
     *
     * @param logVersion as it was before the chunk was read; of another log than the last facts it is ignored, and asked
     *     for again
     */
    public void onReplay(Batch chunk, long logVersion) {
        guard.partition(chunk.partition(), "replay", () -> replays.onChunk(chunk, logVersion));
    }

    /** Nothing below {@code logStart} can be read any more. */
    public void onReplayGap(PartitionId partition, Generation generation, long logStart) {
        guard.partition(partition, "replay gap", () -> replays.onGap(partition, generation, logStart));
    }

    /** The read failed; the loop asks again at a later tick. */
    public void onReplayFailed(PartitionId partition, Generation generation, long fromOffset) {
        guard.partition(partition, "replay failed", () -> replays.onFailed(partition, generation, fromOffset));
    }

    /**
     * Writes to streams that are behind, bounded; flushes every touched sink once; asks for replays.
     *
     * @return whether there is more to do at once
     */
    public boolean turn(long nowMs) {
        state.nowMs = nowMs;
        int spent = 0;
        EventStream stream;
        while (spent < state.settings.turnBytes() && (stream = state.ready.pollFirst()) != null) {
            stream.queued = false;
            spent += pull(stream);
        }
        endTurn();
        return !state.ready.isEmpty();
    }

    /**
     * Does what is due: heartbeats, positions, ends of tokens, stalls, open timeouts, drain. Flushes what it wrote.
     *
     * @param nowMs milliseconds of the clock that does not go back
     * @param wallMs the time of day in milliseconds since the epoch, for the ends of tokens alone: whoever sets that clock moves
     *     nothing else
     */
    public void tick(long nowMs, long wallMs) {
        state.nowMs = nowMs;
        replays.resume();
        questions.resume();
        placement.doubtAhead();
        state.pending.forgetDeparted();
        deadlines.tick(wallMs);
        endTurn();
    }

    /** Closes all streams, spread over {@code durationMs}; also those that are opened meanwhile. */
    public void drain(long nowMs, long durationMs) {
        state.nowMs = nowMs;
        deadlines.drain(durationMs);
    }

    /** Whether a stream has everything that its channels have. */
    public boolean isLive(EventStream stream) {
        return stream.open && !stream.isLeaving() && stream.allAre(LanePhase.LIVE);
    }

    /** Open streams. */
    public int streams() {
        return state.table.size();
    }

    /** Streams that read a channel of a partition. */
    public int readers(PartitionId partition, String channel) {
        PartitionView view = state.views.get(partition);
        Subscribers readers = view == null ? null : view.subscribers.get(channel);
        return readers == null ? 0 : readers.size();
    }

    /** Counts for metrics. */
    public LoopStats stats() {
        return Overview.stats(state);
    }

    /** An open stream, for an operator. */
    public StreamInfo describe(EventStream stream) {
        return Overview.info(state, stream);
    }

    /**
     * A page of the channels that are read, in the order of their names, for an operator.
     *
     * @param part what each name has in it; empty for all
     * @param after the last name that is known already; empty for the first page
     * @param limit the most to return, above 0
     */
    public List<ChannelInfo> channels(String part, String after, int limit) {
        return Overview.channels(state, part, after, limit);
    }

    private void endTurn() {
        for (EventStream stream : state.touched) {
            state.flush(stream);
        }
        state.touched.clear();
        endings.closeLeaving();
        state.touched.clear();
        if (state.ready.isEmpty()) {
            state.cache.trim();
        }
        if (state.cache.hasRoom()) {
            replays.request();
        }
    }

    private int pull(EventStream stream) {
        try {
            return catchUp.pull(stream);
        } catch (RuntimeException | Error e) {
            state.fail(stream, "pull", e);
            return 0;
        }
    }

    private void closeIfEmpty(EventStream stream) {
        if (stream.laneCount() == 0) {
            endings.close(stream, CloseReason.NO_CHANNELS);
        }
    }
}
