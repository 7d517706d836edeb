package io.tailrace.edge.stream;

import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which channels a stream has: opening, changing, forgetting. */
final class Membership {
    private final LoopState state;
    private final Placement placement;

    Membership(LoopState state, Placement placement) {
        this.state = state;
        this.placement = placement;
    }

    EventStream open(StreamPlan plan, StreamSink sink, long nowMs) {
        EventStream stream = new EventStream(plan, sink, nowMs);
        state.table.add(stream);
        subscribe(stream, plan.channels());
        stream.caughtUpDue = anyReplay(plan.channels());
        state.enqueue(stream);
        return stream;
    }

    void change(EventStream stream, ChannelChanges changes) {
        PendingChanges pending = pending(stream);
        changes.refused().forEach(pending::refuse);
        for (String channel : changes.remove()) {
            if (unsubscribe(stream, channel)) {
                pending.remove(channel, null);
            }
        }
        int channels = count(stream);
        List<WantedChannel> added = new ArrayList<>();
        for (WantedChannel channel : changes.add()) {
            if (stream.find(channel.name()) != null || contains(added, channel.name())) {
                continue;
            }
            String refusal = refusal(stream, channel, added, channels + added.size());
            if (refusal == null) {
                added.add(channel);
                pending.add(channel);
            } else {
                pending.refuse(new ChannelChanges.Refused(channel.name(), refusal));
            }
        }
        subscribe(stream, added);
        stream.caughtUpDue |= anyReplay(added);
        told(stream);
    }

    /** Removes the channels that a new token does not allow; whether any was removed. */
    boolean revoke(EventStream stream, Predicate<String> allowed, String reason) {
        List<String> revoked = new ArrayList<>();
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            for (int c = 0; c < lane.channels(); c++) {
                if (!allowed.test(lane.subscription(c).channel)) {
                    revoked.add(lane.subscription(c).channel);
                }
            }
        }
        if (revoked.isEmpty()) {
            return false;
        }
        PendingChanges pending = pending(stream);
        for (String channel : revoked) {
            if (unsubscribe(stream, channel)) {
                pending.remove(channel, reason);
            }
        }
        told(stream);
        return true;
    }

    /** A stream is over: nothing refers to it any more. */
    void forget(EventStream stream) {
        stream.closed = true;
        state.table.remove(stream);
        while (stream.laneCount() > 0) {
            Lane lane = stream.lane(stream.laneCount() - 1);
            for (int i = 0; i < lane.channels(); i++) {
                lane.view.unsubscribe(lane.subscription(i));
            }
            drop(lane);
        }
    }

    private void told(EventStream stream) {
        stream.noticesDue = true;
        state.enqueue(stream);
    }

    private static PendingChanges pending(EventStream stream) {
        PendingChanges pending = stream.changes;
        if (pending == null) {
            pending = new PendingChanges();
            stream.changes = pending;
        }
        return pending;
    }

    /** Channels of a partition that start alike share a lane. */
    private void subscribe(EventStream stream, List<WantedChannel> channels) {
        List<Lane> fresh = new ArrayList<>();
        for (WantedChannel channel : channels) {
            PartitionView view = view(channel.partition());
            Lane lane = alike(fresh, view, channel.start());
            if (lane == null) {
                lane = new Lane(stream, view, channel.start());
                fresh.add(lane);
                stream.addLane(lane);
            }
            Subscription subscription = new Subscription(channel.name(), lane);
            lane.add(subscription);
            view.subscribe(subscription);
        }
        fresh.forEach(placement::enter);
    }

    private static @Nullable Lane alike(List<Lane> lanes, PartitionView view, Start start) {
        for (Lane lane : lanes) {
            if (lane.view == view && start.equals(lane.start())) {
                return lane;
            }
        }
        return null;
    }

    private PartitionView view(PartitionId partition) {
        PartitionView view = state.views.get(partition);
        if (view == null) {
            view = new PartitionView(partition);
            view.generation = state.generationOf(partition.namespace());
            state.views.put(partition, view);
            state.log.subscribe(partition);
        }
        return view;
    }

    private boolean unsubscribe(EventStream stream, String channel) {
        Subscription subscription = stream.find(channel);
        if (subscription == null) {
            return false;
        }
        Lane lane = subscription.lane;
        lane.view.unsubscribe(subscription);
        lane.remove(subscription);
        if (!stream.open) {
            stream.opening = stream.opening.stream()
                    .filter(wanted -> !wanted.name().equals(channel))
                    .toList();
        }
        if (lane.channels() == 0) {
            drop(lane);
        }
        return true;
    }

    private void drop(Lane lane) {
        state.leave(lane);
        lane.stream.removeLane(lane);
        PartitionView view = lane.view;
        if (view.isUnused() && state.views.remove(view.id, view)) {
            state.cache.drop(view);
            state.log.release(view.id);
        }
    }

    private @Nullable String refusal(
            EventStream stream, WantedChannel channel, List<WantedChannel> added, int channels) {
        if (channels >= StreamPlan.MAX_CHANNELS) {
            return "too_many_channels";
        }
        if (isTorn(stream, channel)) {
            return "unavailable";
        }
        List<WantedChannel> same = new ArrayList<>(added);
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            for (int c = 0; lane.view.id.equals(channel.partition()) && c < lane.channels(); c++) {
                same.add(new WantedChannel(lane.subscription(c).channel, lane.view.id, new Start.Live()));
            }
        }
        same.add(channel);
        return ChannelHashes.collisions(same).isEmpty() ? null : "conflicting_name";
    }

    /** Whether the channel's start is of another generation than the stream's, and nobody knows which one there is. */
    private boolean isTorn(EventStream stream, WantedChannel channel) {
        int namespace = channel.partition().namespace();
        if (!(channel.start() instanceof Start.At at) || state.generationOf(namespace) != null) {
            return false;
        }
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            boolean other = lane.generation() != null && !at.generation().equals(lane.generation());
            if (other && lane.view.id.namespace() == namespace) {
                return true;
            }
        }
        return false;
    }

    private static int count(EventStream stream) {
        int channels = 0;
        for (int i = 0; i < stream.laneCount(); i++) {
            channels += stream.lane(i).channels();
        }
        return channels;
    }

    private static boolean contains(List<WantedChannel> channels, String name) {
        return channels.stream().anyMatch(channel -> channel.name().equals(name));
    }

    private static boolean anyReplay(List<WantedChannel> channels) {
        return channels.stream().anyMatch(channel -> !(channel.start() instanceof Start.Live));
    }
}
