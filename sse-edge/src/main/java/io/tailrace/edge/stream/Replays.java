package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionId;
import org.jspecify.annotations.Nullable;

/** Asks the log for what lies below the windows, one stretch per partition at a time, and hands chunks to all who wait. */
final class Replays {
    private final LoopState state;

    Replays(LoopState state) {
        this.state = state;
    }

    void onChunk(Batch chunk, long logVersion) {
        PartitionView view = current(chunk.partition(), chunk.generation());
        if (view == null) {
            return;
        }
        state.replayChunks++;
        long requested = view.requestedOffset;
        boolean asked = chunk.fromOffset() <= requested && requested < chunk.toOffset();
        if (asked) {
            view.requestedOffset = PartitionView.NOTHING;
        }
        if (isOfOtherLog(chunk, logVersion, view)) {
            view.replayPaused |= asked;
            return;
        }
        view.sweptTo = chunk.toOffset();
        boolean wanted = false;
        for (int i = view.replaying.size() - 1; i >= 0; i--) {
            Lane lane = view.replaying.get(i);
            if (LoopState.serves(chunk, lane)) {
                wanted = true;
                state.move(lane, LanePhase.CATCHING_UP);
                state.enqueue(lane.stream);
            }
        }
        if (wanted) {
            state.cache.put(view, chunk);
        }
        state.note(view);
    }

    /**
     * Whether a part of the log was truncated between the window and the chunk, whichever is older. The tailer is about to
     * notice what it has not noticed yet: a record below its head with a later epoch than the head's.
     */
    private static boolean isOfOtherLog(Batch chunk, long logVersion, PartitionView view) {
        boolean later = chunk.leaderEpoch() > view.headEpoch() && view.headEpoch() != Cursor.NO_EPOCH;
        return logVersion != view.logVersion || later;
    }

    void onGap(PartitionId partition, Generation generation, long logStart) {
        PartitionView view = current(partition, generation);
        if (view == null) {
            return;
        }
        view.logStart = Math.max(view.logStart, logStart);
        if (view.requestedOffset < view.logStart) {
            view.requestedOffset = PartitionView.NOTHING;
        }
        for (int i = view.replaying.size() - 1; i >= 0; i--) {
            Lane lane = view.replaying.get(i);
            if (lane.position() < LoopState.servableFrom(view)) {
                lane.skipTo(LoopState.servableFrom(view));
                state.move(lane, LanePhase.CATCHING_UP);
                state.enqueue(lane.stream);
            }
        }
        state.note(view);
    }

    void onFailed(PartitionId partition, Generation generation, long fromOffset) {
        PartitionView view = current(partition, generation);
        if (view != null && view.requestedOffset == fromOffset) {
            view.requestedOffset = PartitionView.NOTHING;
            view.replayPaused = true;
        }
    }

    /** What has failed may be tried again. */
    void resume() {
        for (PartitionView view : state.views.values()) {
            if (view.replayPaused) {
                view.replayPaused = false;
                state.note(view);
            }
        }
    }

    /** At the end of a turn: a partition with lanes that wait and without a request gets one. */
    void request() {
        for (PartitionView view : state.noted) {
            view.noted = false;
            Generation generation = view.generation;
            boolean free = view.requestedOffset == PartitionView.NOTHING && !view.replayPaused;
            if (free && view.ready && generation != null && view.replaying.size() > 0 && !view.isUnused()) {
                view.requestedOffset = nextWanted(view);
                state.replayRequests++;
                ask(view, generation);
            }
        }
        state.noted.clear();
    }

    private void ask(PartitionView view, Generation generation) {
        try {
            state.log.requestReplay(view.id, generation, view.requestedOffset);
        } catch (RuntimeException | Error e) {
            view.requestedOffset = PartitionView.NOTHING;
            view.replayPaused = true;
            state.fault("requestReplay", e);
        }
    }

    /** The elevator: the smallest offset from where the last chunk ended; if there is none, the smallest of all. */
    private static long nextWanted(PartitionView view) {
        long smallest = Long.MAX_VALUE;
        long above = Long.MAX_VALUE;
        for (int i = 0; i < view.replaying.size(); i++) {
            long offset = view.replaying.get(i).position();
            smallest = Math.min(smallest, offset);
            if (offset >= view.sweptTo) {
                above = Math.min(above, offset);
            }
        }
        return above == Long.MAX_VALUE ? smallest : above;
    }

    private @Nullable PartitionView current(PartitionId partition, Generation generation) {
        PartitionView view = state.views.get(partition);
        return view != null && view.ready && generation.equals(view.generation) ? view : null;
    }
}
