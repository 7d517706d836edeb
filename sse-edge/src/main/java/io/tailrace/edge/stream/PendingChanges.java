package io.tailrace.edge.stream;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a stream's channels that were made, or refused, and are not told yet. Told as one event, in which what was
 * removed comes before what was added; each channel once in each part.
 */
final class PendingChanges {
    /**
     * A channel that is gone.
     *
     * @param reason null if the client asked for it
     */
    record Removed(String channel, @Nullable String reason) {}

    private static final int BYTES_PER_ENTRY = 80;

    private final Map<String, WantedChannel> added = new LinkedHashMap<>();
    private final Map<String, Removed> removed = new LinkedHashMap<>();
    private final Map<String, ChannelChanges.Refused> refused = new LinkedHashMap<>();
    private int dropped;
    private int byteSize;

    Collection<WantedChannel> added() {
        return added.values();
    }

    Collection<Removed> removed() {
        return removed.values();
    }

    Collection<ChannelChanges.Refused> refused() {
        return refused.values();
    }

    /** Changes that were not made, and whose channels are not named. */
    int dropped() {
        return dropped;
    }

    /** About what they cost in memory and on the wire. */
    int byteSize() {
        return byteSize;
    }

    void add(WantedChannel channel) {
        if (added.putIfAbsent(channel.name(), channel) == null) {
            byteSize += bytes(channel.name());
        }
        if (refused.remove(channel.name()) != null) {
            byteSize -= bytes(channel.name());
        }
    }

    void remove(String channel, @Nullable String reason) {
        if (added.remove(channel) != null) {
            byteSize -= bytes(channel);
        }
        if (removed.put(channel, new Removed(channel, reason)) == null) {
            byteSize += bytes(channel);
        }
    }

    void refuse(ChannelChanges.Refused refusal) {
        if (refused.put(refusal.channel(), refusal) == null) {
            byteSize += bytes(refusal.channel());
        }
    }

    /**
     * A change that names the channel was not made because too many changes are pending. If the channel was refused before, the stream
     * receives that refusal: it says that the stream does not have the channel, while this one only says that nothing has changed.
     */
    void refuseForWantOfRoom(String channel) {
        if (refused.putIfAbsent(channel, new ChannelChanges.Refused(channel, "too_many_changes")) == null) {
            byteSize += bytes(channel);
        }
    }

    void drop(int changes) {
        dropped += changes;
    }

    /** What one more entry costs. */
    static int bytes(String channel) {
        return channel.length() + BYTES_PER_ENTRY;
    }
}
