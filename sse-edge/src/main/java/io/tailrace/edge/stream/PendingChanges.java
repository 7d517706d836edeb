package io.tailrace.edge.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a stream's channels that were made and are not told yet. Told as one event, in which what was removed comes
 * before what was added.
 */
final class PendingChanges {
    /**
     * A channel that is gone.
     *
     * @param reason null if the client asked for it
     */
    record Removed(String channel, @Nullable String reason) {}

    private static final int BYTES_PER_ENTRY = 80;

    private final List<WantedChannel> added = new ArrayList<>();
    private final List<Removed> removed = new ArrayList<>();
    private final List<ChannelChanges.Refused> refused = new ArrayList<>();
    private int byteSize;

    List<WantedChannel> added() {
        return added;
    }

    List<Removed> removed() {
        return removed;
    }

    List<ChannelChanges.Refused> refused() {
        return refused;
    }

    /** About what they cost in memory and on the wire. */
    int byteSize() {
        return byteSize;
    }

    void add(WantedChannel channel) {
        added.add(channel);
        byteSize += channel.name().length() + BYTES_PER_ENTRY;
    }

    void remove(String channel, @Nullable String reason) {
        added.removeIf(each -> each.name().equals(channel));
        removed.add(new Removed(channel, reason));
        byteSize += channel.length() + BYTES_PER_ENTRY;
    }

    void refuse(ChannelChanges.Refused refusal) {
        refused.add(refusal);
        byteSize += refusal.channel().length() + refusal.reason().length() + BYTES_PER_ENTRY;
    }
}
