package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the parts of a {@link StreamLoop} share. */
final class LoopState {
    final StreamSettings settings;
    final LogPort log;
    final RandomGenerator random;
    final ReplayCache cache;
    private final FaultListener faults;
    final StreamTable table = new StreamTable();
    final Map<PartitionId, PartitionView> views = new HashMap<>();

    /** Streams that have something to pull and a sink that may take it. */
    final ArrayDeque<EventStream> ready = new ArrayDeque<>();

    /** Streams that were appended to since the last flush. */
    final List<EventStream> touched = new ArrayList<>();

    /** Streams that are to be closed or forgotten at the end of the turn. */
    final ArrayDeque<EventStream> leaving = new ArrayDeque<>();

    /** Partitions whose replaying lanes may need a request at the end of the turn. */
    final List<PartitionView> noted = new ArrayList<>();

    final int[] lanesByPhase = new int[LanePhase.values().length];

    /** Milliseconds of a clock that does not go back: not the time of day. */
    long nowMs;

    /** Questions after a log's end so far. */
    long asks;

    long deliveries;
    long appendedBytes;
    long flushes;
    long gaps;
    long resets;
    long stalled;
    long unanswered;
    long failed;
    long cuts;

    final Pending pending;

    long replayRequests;
    long replayChunks;

    LoopState(StreamSettings settings, LogPort log, RandomGenerator random, FaultListener faults) {
        this.settings = settings;
        this.log = log;
        this.random = random;
        this.faults = faults;
        this.pending = new Pending(this);
        this.cache = new ReplayCache(settings.replayCacheBytes());
    }

    /** Moves a lane to another phase and to that phase's list. */
    void move(Lane lane, LanePhase next) {
        LaneList from = listOf(lane.view, lane.phase());
        lanesByPhase[lane.phase().ordinal()]--;
        if (from != null && lane.listIndex >= 0) {
            from.remove(lane);
        }
        lane.phase(next);
        enter(lane);
        if (next == LanePhase.REPLAYING) {
            note(lane.view);
        }
    }

    /** A new lane takes its place. */
    void enter(Lane lane) {
        LaneList to = listOf(lane.view, lane.phase());
        lanesByPhase[lane.phase().ordinal()]++;
        if (to != null) {
            to.add(lane);
        }
    }

    /** A lane is given up. */
    void leave(Lane lane) {
        LaneList from = listOf(lane.view, lane.phase());
        if (from != null && lane.listIndex < 0) {
            // Its stream failed before the lane had taken its place.
            return;
        }
        lanesByPhase[lane.phase().ordinal()]--;
        if (from != null) {
            from.remove(lane);
        }
    }

    private static @Nullable LaneList listOf(PartitionView view, LanePhase phase) {
        return switch (phase) {
            case PENDING -> view.pending;
            case AHEAD -> view.ahead;
            case REPLAYING -> view.replaying;
            case CATCHING_UP, LIVE -> null;
        };
    }

    void enqueue(EventStream stream) {
        if (!stream.queued && !stream.closed) {
            stream.queued = true;
            ready.addLast(stream);
        }
    }

    /** Puts bytes behind what a stream's next flush sends. */
    void append(EventStream stream, byte[] bytes, int from, int length) {
        append(stream, bytes, from, length, false);
    }

    /** The same with bytes of a batch, which are many streams'. */
    void append(EventStream stream, Batch batch, int from, int length) {
        append(stream, batch.bytes(), from, length, true);
    }

    private void append(EventStream stream, byte[] bytes, int from, int length, boolean isShared) {
        if (!stream.touched) {
            stream.touched = true;
            touched.add(stream);
        }
        if (stream.failed) {
            return;
        }
        try {
            if (isShared) {
                stream.sink().appendShared(bytes, from, length);
            } else {
                stream.sink().append(bytes, from, length);
            }
        } catch (RuntimeException | Error e) {
            fail(stream, "append", e);
        }
        stream.writtenBytes += length;
        pending.appended(stream, length);
        appendedBytes += length;
    }

    /** Ends a stream in the middle of a frame that can't be finished; its client resumes at its cursor, before that frame. */
    void cut(EventStream stream) {
        if (!stream.closed && !stream.failed) {
            cuts++;
            abandon(stream);
        }
    }

    /** Whether a stream's sink takes more. One that throws is one that does not. */
    boolean isWritable(EventStream stream) {
        if (stream.failed) {
            return false;
        }
        try {
            return stream.sink().isWritable();
        } catch (RuntimeException | Error e) {
            fail(stream, "isWritable", e);
            return false;
        }
    }

    /** What a stream's sink has not sent yet, in bytes. */
    long unsentBytes(EventStream stream) {
        if (stream.closed || stream.failed) {
            return 0;
        }
        try {
            return stream.sink().unsentBytes();
        } catch (RuntimeException | Error e) {
            fail(stream, "unsentBytes", e);
            return 0;
        }
    }

    /** Ends a stream's connection, after which its sink is not called any more. */
    void close(EventStream stream) {
        try {
            stream.sink().close();
        } catch (RuntimeException | Error e) {
            faults.onFault("close", e);
        }
    }

    /**
     * A stream is given up because something has thrown for it, and the loop goes on with the others. Its client resumes at its
     * cursor, whatever of a frame it has got. An {@link Error} counts as well, because a lack of direct memory is one; a
     * lack of heap ends the process before it gets here (-XX:+ExitOnOutOfMemoryError).
     */
    void fail(EventStream stream, String during, Throwable cause) {
        faults.onFault(during, cause);
        giveUp(stream);
    }

    /** All streams that read a partition are given up, because nobody knows which of them have got what. */
    void fail(PartitionView view, String during, Throwable cause) {
        faults.onFault(during, cause);
        giveUp(view);
    }

    void giveUp(PartitionView view) {
        view.subscribers.values().forEach(all -> {
            for (int i = 0; i < all.size(); i++) {
                giveUp(all.get(i).lane.stream);
            }
        });
    }

    /** Something has thrown that is no stream's. */
    void fault(String during, Throwable cause) {
        faults.onFault(during, cause);
    }

    private void giveUp(EventStream stream) {
        if (stream.closed || stream.failed) {
            return;
        }
        failed++;
        abandon(stream);
    }

    private void abandon(EventStream stream) {
        if (!stream.isLeaving()) {
            leaving.addLast(stream);
        }
        stream.failed = true;
    }

    /** One write for everything that was appended since the last one. */
    void flush(EventStream stream) {
        if (!stream.touched) {
            return;
        }
        stream.touched = false;
        if (stream.gone || stream.failed) {
            return;
        }
        stream.lastWriteMs = nowMs;
        flushes++;
        try {
            stream.sink().flush();
        } catch (RuntimeException | Error e) {
            fail(stream, "flush", e);
        }
        pending.refresh(stream);
        if (!stream.gone && stream.blocked && pending.room(stream) > 0) {
            // The transport took everything at once, so nobody else would say that there is room again.
            stream.blocked = false;
            enqueue(stream);
        }
    }

    void note(PartitionView view) {
        if (!view.noted) {
            view.noted = true;
            noted.add(view);
        }
    }

    /** The batch or cached chunk that a lane reads next; null if its offset is in none. */
    @Nullable
    Batch source(Lane lane, long offset) {
        Batch batch = lane.view.window.find(offset);
        if (batch == null) {
            batch = cache.find(lane.view, offset);
        }
        return batch != null && serves(batch, lane) ? batch : null;
    }

    /** Whether a lane can read on from a batch. */
    static boolean serves(Batch batch, Lane lane) {
        long offset = lane.position();
        if (offset < batch.fromOffset() || offset >= batch.toOffset()) {
            return false;
        }
        for (int i = 0; i < lane.channels(); i++) {
            if (!batch.covers(lane.subscription(i).channel)) {
                return false;
            }
        }
        return true;
    }

    /** From here on everything can be served, from the log or from a window that has kept what the log has not. */
    static long servableFrom(PartitionView view) {
        return Math.min(view.logStart, view.window.start());
    }

    @Nullable
    Generation generationOf(int namespace) {
        for (PartitionView view : views.values()) {
            if (view.id.namespace() == namespace && view.generation != null) {
                return view.generation;
            }
        }
        return null;
    }

    /** A time around the middle: from half of it to one and a half. */
    long jittered(long middleMs) {
        return middleMs / 2 + random.nextLong(middleMs + 1);
    }
}
