package io.tailrace.edge.stream;

import io.tailrace.edge.window.Batch;
import org.jspecify.annotations.Nullable;

/** The pull path: streams that are behind read from windows and cached chunks as far as their sinks take it. */
final class CatchUp {
    /** What a step costs that writes nothing, in bytes, so that scanning is bounded by the same budget. */
    private static final int STEP_COST = 256;

    private final LoopState state;
    private final FrameWriter writer;
    private final Notices notices;
    private final Hits hits = new Hits();

    CatchUp(LoopState state, FrameWriter writer, Notices notices) {
        this.state = state;
        this.writer = writer;
        this.notices = notices;
    }

    /**
     * Gives a stream its share.
     *
     * @return what it has cost, in bytes
     */
    int pull(EventStream stream) {
        if (stream.isLeaving() || (!stream.open && !notices.open(stream, false))) {
            return STEP_COST;
        }
        int share = state.settings.streamTurnBytes();
        int spent = 0;
        while (true) {
            BegunFrame frame = stream.begun;
            if (frame != null && frame.lost) {
                state.cut(stream);
                return spent + STEP_COST;
            }
            int room = state.pending.room(stream);
            if (room == 0) {
                stream.blocked = true;
                return spent + STEP_COST;
            }
            if (frame != null) {
                if (spent >= share) {
                    state.enqueue(stream);
                    return spent;
                }
                int cost = goOn(stream, frame, room);
                if (cost == 0) {
                    return spent + STEP_COST;
                }
                spent += cost;
                continue;
            }
            if (stream.noticesDue) {
                notices.tell(stream);
            }
            if (stream.heartbeatDue) {
                writer.heartbeat(stream);
            }
            if (spent >= share) {
                state.enqueue(stream);
                return spent;
            }
            Lane lane = nextLane(stream);
            if (lane == null) {
                break;
            }
            spent += step(lane, share - spent);
        }
        if (stream.caughtUpDue && stream.allAre(LanePhase.LIVE)) {
            notices.caughtUp(stream);
        }
        return spent + STEP_COST;
    }

    /** Goes on with a frame that was begun. Returns what was written; 0 if its record is not at hand. */
    private int goOn(EventStream stream, BegunFrame frame, int room) {
        Lane lane = frame.lane;
        Batch batch = frame.pinned;
        if (batch == null && lane.phase() == LanePhase.CATCHING_UP) {
            batch = state.source(lane, frame.offset);
            if (batch == null && frame.offset < LoopState.servableFrom(lane.view)) {
                state.cut(stream);
            } else if (batch == null) {
                state.move(lane, LanePhase.REPLAYING);
            }
        }
        if (batch == null) {
            return 0;
        }
        long before = stream.writtenBytes;
        int position = batch.firstAtOrAfter(frame.offset);
        boolean same =
                position < batch.size() && batch.offset(position) == frame.offset && batch.leaderEpoch() == frame.epoch;
        if (!same || !writer.goOn(stream, frame, batch, position, room)) {
            state.cut(stream);
            return 0;
        }
        if (frame.left == 0) {
            if (frame.pinned == null) {
                lane.moveTo(frame.offset + 1, batch);
            }
            state.pending.end(stream);
        }
        return (int) (stream.writtenBytes - before);
    }

    /** Lanes take turns, so that a long replay of one channel does not hold up the others. */
    private static @Nullable Lane nextLane(EventStream stream) {
        int lanes = stream.laneCount();
        for (int i = 0; i < lanes; i++) {
            int at = (stream.nextLane + i) % lanes;
            if (stream.lane(at).phase() == LanePhase.CATCHING_UP) {
                stream.nextLane = at + 1;
                return stream.lane(at);
            }
        }
        return null;
    }

    private int step(Lane lane, int budget) {
        PartitionView view = lane.view;
        long offset = lane.position();
        if (lane.isAhead()) {
            state.move(lane, LanePhase.AHEAD);
            return STEP_COST;
        }
        Lane twin = twin(lane, offset);
        if (twin != null) {
            merge(lane, twin);
            return STEP_COST;
        }
        if (offset == view.head()) {
            state.move(lane, LanePhase.LIVE);
            return STEP_COST;
        }
        Batch batch = state.source(lane, offset);
        if (batch != null) {
            return STEP_COST + read(lane, batch, offset, budget);
        }
        if (offset < LoopState.servableFrom(view)) {
            lane.skipTo(LoopState.servableFrom(view));
        } else {
            state.move(lane, LanePhase.REPLAYING);
        }
        return STEP_COST;
    }

    private int read(Lane lane, Batch batch, long offset, int budget) {
        EventStream stream = lane.stream;
        long limit = Math.min(batch.toOffset(), nextHigher(lane, offset));
        gather(lane, batch, offset);
        int to = hits.size();
        while (to > 0 && batch.offset(hits.get(to - 1)) >= limit) {
            to--;
        }
        long before = stream.writtenBytes;
        int done = 0;
        while (done < to) {
            int room = stream.writtenBytes - before >= budget ? 0 : state.pending.room(stream);
            int count = room == 0 ? 0 : writer.events(lane, batch, hits, done, to, room);
            if (count == 0) {
                lane.moveTo(batch.offset(hits.get(done)), batch);
                return (int) (stream.writtenBytes - before);
            }
            done += count;
            lane.moveTo(batch.offset(hits.get(done - 1)) + 1, batch);
        }
        lane.moveTo(limit, batch);
        return (int) (stream.writtenBytes - before);
    }

    private void gather(Lane lane, Batch batch, long offset) {
        int first = batch.firstAtOrAfter(offset);
        hits.clear();
        for (int i = 0; i < lane.channels(); i++) {
            hits.addFrom(batch.positions(lane.subscription(i).channel), first);
        }
        if (lane.channels() > 1) {
            hits.sort();
        }
    }

    /** Where the next lane of the partition stands: up to there, and then both go on as one. */
    private static long nextHigher(Lane lane, long offset) {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < lane.stream.laneCount(); i++) {
            Lane other = lane.stream.lane(i);
            if (other.view == lane.view && other.isSettled() && other.position() > offset) {
                next = Math.min(next, other.position());
            }
        }
        return next;
    }

    /** Another lane of the partition at the same offset; both have told everything, because that comes before pulling. */
    private static @Nullable Lane twin(Lane lane, long offset) {
        for (int i = 0; i < lane.stream.laneCount(); i++) {
            Lane other = lane.stream.lane(i);
            boolean settled = other != lane && other.view == lane.view && other.isSettled();
            if (settled && other.position() == offset && !other.isAhead()) {
                return other;
            }
        }
        return null;
    }

    private void merge(Lane lane, Lane into) {
        into.takeOver(lane);
        state.leave(lane);
        lane.stream.removeLane(lane);
    }
}
