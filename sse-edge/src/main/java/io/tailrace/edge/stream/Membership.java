package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    void open(EventStream stream, StreamPlan plan) {
        state.table.add(stream);
        subscribe(stream, plan.channels());
        stream.caughtUpDue = anyReplay(plan.channels());
        state.enqueue(stream);
    }

    void change(EventStream stream, ChannelChanges changes) {
        PendingChanges pending = pending(stream);
        changes.refused().forEach(pending::refuse);
        remove(stream, changes.remove(), null);
        Additions additions = new Additions(state, stream);
        for (WantedChannel channel : changes.add()) {
            if (additions.has(channel.name())) {
                continue;
            }
            String refusal = additions.take(channel);
            if (refusal == null) {
                pending.add(channel);
            } else {
                pending.refuse(new ChannelChanges.Refused(channel.name(), refusal));
            }
        }
        subscribe(stream, additions.added());
        stream.caughtUpDue |= anyReplay(additions.added());
        told(stream);
    }

    /** Nothing of a change is done, because too much waits to be told; of that, too, no more is kept than is bounded. */
    void refuse(EventStream stream, ChannelChanges changes) {
        PendingChanges pending = pending(stream);
        List<String> names = new ArrayList<>(changes.remove());
        changes.add().forEach(channel -> names.add(channel.name()));
        changes.refused().forEach(refused -> names.add(refused.channel()));
        int bytes = names.stream().mapToInt(PendingChanges::bytes).sum();
        if (pending.byteSize() + bytes > 2 * state.settings.pendingChangeBytes()) {
            pending.drop(1);
        } else {
            names.forEach(pending::refuseForWantOfRoom);
        }
        told(stream);
    }

    /** So many changes were not made, and are not kept either. */
    void dropped(EventStream stream, int changes) {
        if (!stream.isLeaving()) {
            pending(stream).drop(changes);
            told(stream);
        }
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
        remove(stream, revoked, reason);
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

    private record Alike(PartitionId partition, Start start) {}

    /** Channels of a partition that start alike share a lane. */
    private void subscribe(EventStream stream, Iterable<WantedChannel> channels) {
        Map<Alike, Lane> lanes = new LinkedHashMap<>();
        List<Subscription> fresh = new ArrayList<>();
        Map<Integer, Optional<Generation>> generations = new HashMap<>();
        for (WantedChannel channel : channels) {
            // First of all, because this asks the log, which may throw, and there is nothing to take back yet.
            view(channel.partition(), generations);
        }
        for (WantedChannel channel : channels) {
            Lane lane = lanes.computeIfAbsent(
                    new Alike(channel.partition(), channel.start()),
                    alike -> new Lane(stream, view(alike.partition(), generations), alike.start()));
            Subscription subscription = new Subscription(channel.name(), lane);
            lane.add(subscription);
            lane.view.subscribe(subscription);
            fresh.add(subscription);
        }
        List<Lane> added = List.copyOf(lanes.values());
        stream.addLanes(added);
        stream.joined(fresh);
        added.forEach(placement::enter);
    }

    /** The view of a partition; a new one if nobody reads it yet. */
    private PartitionView view(PartitionId partition, Map<Integer, Optional<Generation>> generations) {
        PartitionView view = state.views.get(partition);
        if (view == null) {
            view = new PartitionView(partition);
            view.generation = generations
                    .computeIfAbsent(
                            partition.namespace(), namespace -> Optional.ofNullable(state.generationOf(namespace)))
                    .orElse(null);
            // In this order: a view that the log does not know of would wait for ever.
            state.log.subscribe(partition);
            state.views.put(partition, view);
        }
        return view;
    }

    private void remove(EventStream stream, List<String> channels, @Nullable String reason) {
        PendingChanges pending = pending(stream);
        Set<String> removed = new HashSet<>();
        for (String channel : channels) {
            Subscription subscription = stream.find(channel);
            if (subscription != null) {
                unsubscribe(subscription);
                pending.remove(channel, reason);
                removed.add(channel);
            }
        }
        if (!stream.open && !removed.isEmpty()) {
            stream.opening = stream.opening.stream()
                    .filter(wanted -> !removed.contains(wanted.name()))
                    .toList();
        }
    }

    private void unsubscribe(Subscription subscription) {
        Lane lane = subscription.lane;
        lane.view.unsubscribe(subscription);
        lane.remove(subscription);
        lane.stream.left(subscription);
        if (lane.channels() == 0) {
            drop(lane);
        }
    }

    private void drop(Lane lane) {
        state.pending.pin(lane);
        state.leave(lane);
        lane.stream.removeLane(lane);
        PartitionView view = lane.view;
        if (view.isUnused() && state.views.remove(view.id, view)) {
            state.cache.drop(view);
            state.log.release(view.id);
        }
    }

    private static boolean anyReplay(Iterable<WantedChannel> channels) {
        for (WantedChannel channel : channels) {
            if (!(channel.start() instanceof Start.Live)) {
                return true;
            }
        }
        return false;
    }
}
