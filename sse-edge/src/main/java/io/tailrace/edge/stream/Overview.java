package io.tailrace.edge.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;

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
                state.pending.bytes(),
                state.deliveries,
                state.appendedBytes,
                state.flushes,
                state.gaps,
                state.resets,
                state.stalled,
                state.unanswered,
                state.failed,
                state.cuts,
                state.pending.heldBack(),
                state.replayRequests,
                state.replayChunks);
    }

    /**
     * The channels that have {@code part} in their names and come next after {@code after} in the order of these: one look at
     * each name.
     */
    static List<ChannelInfo> channels(LoopState state, String part, String after, int limit) {
        PriorityQueue<ChannelOfView> next = new PriorityQueue<>(Comparator.reverseOrder());
        for (PartitionView view : state.views.values()) {
            for (String channel : view.subscribers.keySet()) {
                boolean wanted = channel.compareTo(after) > 0
                        && channel.contains(part)
                        && (next.size() < limit || channel.compareTo(next.element().channel) < 0);
                if (wanted) {
                    next.add(new ChannelOfView(channel, view));
                    if (next.size() > limit) {
                        next.remove();
                    }
                }
            }
        }
        return next.stream().sorted().map(Overview::info).toList();
    }

    private record ChannelOfView(String channel, PartitionView view) implements Comparable<ChannelOfView> {
        @Override
        public int compareTo(ChannelOfView other) {
            return channel.compareTo(other.channel);
        }
    }

    private static ChannelInfo info(ChannelOfView found) {
        PartitionView view = found.view;
        Subscribers subscribers = Objects.requireNonNull(view.subscribers.get(found.channel));
        int live = 0;
        long behind = 0;
        for (int i = 0; i < subscribers.size(); i++) {
            Lane lane = subscribers.get(i).lane;
            live += lane.phase() == LanePhase.LIVE ? 1 : 0;
            behind = Math.max(behind, behind(lane));
        }
        return new ChannelInfo(
                found.channel,
                view.id.partition(),
                view.ready && !view.unavailable,
                view.head(),
                subscribers.size(),
                live,
                behind,
                subscribers.events());
    }

    private static long behind(Lane lane) {
        return lane.view.ready && lane.position() != Lane.UNKNOWN ? Math.max(0, lane.view.head() - lane.position()) : 0;
    }

    static StreamInfo info(LoopState state, EventStream stream) {
        LanePhase furthest = LanePhase.LIVE;
        List<String> channels = new ArrayList<>();
        long behind = 0;
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            furthest = lane.phase().compareTo(furthest) < 0 ? lane.phase() : furthest;
            for (int c = 0; c < lane.channels(); c++) {
                channels.add(lane.subscription(c).channel);
            }
            behind += behind(lane);
        }
        return new StreamInfo(
                stream.connectionId(),
                furthest,
                List.copyOf(channels),
                behind,
                stream.writtenBytes,
                state.unsentBytes(stream));
    }
}
