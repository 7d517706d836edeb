package io.tailrace.edge.stream;

import java.util.ArrayList;
import java.util.List;

/** What operators and metrics see of a loop. Stateless. */
final class Overview {
    private Overview() {}

    static LoopStats stats(LoopState state) {
        long windowBytes = 0;
        for (PartitionView view : state.views.values()) {
            windowBytes += view.window.byteSize();
        }
        return new LoopStats(
                state.table.size(),
                state.lanesByPhase[LanePhase.PENDING.ordinal()],
                state.lanesByPhase[LanePhase.LIVE.ordinal()],
                state.lanesByPhase[LanePhase.CATCHING_UP.ordinal()],
                state.lanesByPhase[LanePhase.REPLAYING.ordinal()],
                state.lanesByPhase[LanePhase.AHEAD.ordinal()],
                state.views.size(),
                windowBytes,
                state.cache.byteSize(),
                state.deliveries,
                state.appendedBytes,
                state.flushes,
                state.gaps,
                state.resets,
                state.stalled,
                state.replayRequests,
                state.replayChunks);
    }

    static StreamInfo info(EventStream stream) {
        LanePhase furthest = LanePhase.LIVE;
        List<String> channels = new ArrayList<>();
        long behind = 0;
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            furthest = lane.phase().compareTo(furthest) < 0 ? lane.phase() : furthest;
            for (int c = 0; c < lane.channels(); c++) {
                channels.add(lane.subscription(c).channel);
            }
            if (lane.view.ready && lane.position() != Lane.UNKNOWN) {
                behind += Math.max(0, lane.view.head() - lane.position());
            }
        }
        return new StreamInfo(
                stream.connectionId(),
                furthest,
                List.copyOf(channels),
                stream.openedAtMs,
                behind,
                stream.writtenBytes,
                stream.closed ? 0 : stream.sink().unsentBytes());
    }
}
