package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Channels that one change adds to a stream, taken one after the other: what was found out about the stream and its topics
 * is kept meanwhile, so that each costs the same however many there are.
 */
final class Additions {
    private record Key(PartitionId partition, int hash) {}

    private final LoopState state;
    private final EventStream stream;
    private final Map<String, WantedChannel> added = new LinkedHashMap<>();
    private final Set<Key> hashes = new HashSet<>();

    /** Generations of positions that the stream has in a topic whose own generation is not known. */
    private final Map<Integer, Set<Generation>> torn = new HashMap<>();

    Additions(LoopState state, EventStream stream) {
        this.state = state;
        this.stream = stream;
    }

    /** What was taken. */
    Iterable<WantedChannel> added() {
        return added.values();
    }

    /** Whether the stream has a channel, or will have it. */
    boolean has(String channel) {
        return added.containsKey(channel) || stream.find(channel) != null;
    }

    /** Takes a channel that the stream does not have; the reason if it can't be taken. */
    @Nullable
    String take(WantedChannel channel) {
        if (stream.channelCount() + added.size() >= state.settings.maxChannels()) {
            return "too_many_channels";
        }
        if (isTorn(channel)) {
            return "unavailable";
        }
        int hash = Cursor.channelHash(channel.name());
        PartitionView view = state.views.get(channel.partition());
        boolean unique = view == null || stream.findSame(hash, view) == null;
        if (!unique || !hashes.add(new Key(channel.partition(), hash))) {
            return "conflicting_name";
        }
        added.put(channel.name(), channel);
        return null;
    }

    /** Whether the channel's start is of another generation than the stream's, and nobody knows which one there is. */
    private boolean isTorn(WantedChannel channel) {
        if (!(channel.start() instanceof Start.At at)) {
            return false;
        }
        Set<Generation> generations = torn.computeIfAbsent(channel.partition().namespace(), this::generations);
        return generations.stream().anyMatch(each -> !each.equals(at.generation()));
    }

    private Set<Generation> generations(int namespace) {
        Set<Generation> generations = new HashSet<>();
        if (state.generationOf(namespace) != null) {
            return generations;
        }
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            Generation generation = lane.generation();
            if (generation != null && lane.view.id.namespace() == namespace) {
                generations.add(generation);
            }
        }
        return generations;
    }
}
