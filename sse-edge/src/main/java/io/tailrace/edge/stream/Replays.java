package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionId;
import org.jspecify.annotations.Nullable;

/** Asks the log for what lies below the windows, one range per partition at a time, and hands chunks to all who wait. */
final class Replays {
    private final LoopState state;
    private final Questions questions;

    Replays(LoopState state, Questions questions) {
        this.state = state;
        this.questions = questions;
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
        Batch known = logVersion == view.logVersion ? inLog(chunk, view) : null;
        if (known == null) {
            view.replayPaused |= asked;
            return;
        }
        view.sweptTo = known.toOffset();
        boolean wanted = false;
        for (int i = view.replaying.size() - 1; i >= 0; i--) {
            Lane lane = view.replaying.get(i);
            if (LoopState.serves(known, lane)) {
                wanted = true;
                state.move(lane, LanePhase.CATCHING_UP);
                state.enqueue(lane.stream);
            }
        }
        if (wanted) {
            state.cache.put(view, known);
        }
        state.note(view);
    }

    /**
     * What the log that the tailer reads has of a chunk; null if that is nothing or is not known yet. A replay reads from whichever
     * broker leads at that moment, which may have another log than the one that was compared with what streams have read: one
     * whose leader the tailer has not noticed yet, or one that has led before. An epoch has one leader, so two logs that have
     * records of an epoch have the same ones, up to where it ends in either. Beyond the head nothing is known.
     */
    private @Nullable Batch inLog(Batch chunk, PartitionView view) {
        int epoch = chunk.leaderEpoch();
        if (chunk.fromOffset() >= view.head()) {
            return null;
        }
        Batch known = chunk.upTo(view.head());
        if (epoch == Cursor.NO_EPOCH || view.headEpoch() == Cursor.NO_EPOCH) {
            return known;
        }
        if (epoch > view.headEpoch() || chunk.toOffset() <= view.logStart) {
            return null;
        }
        return switch (PositionCheck.of(known.toOffset(), epoch, view)) {
            case PositionCheck.Valid valid -> known;
            case PositionCheck.Unknown unknown -> {
                questions.ask(view, epoch);
                yield null;
            }
            case PositionCheck.CutAt cut -> null;
            case PositionCheck.Cut cut -> null;
        };
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
