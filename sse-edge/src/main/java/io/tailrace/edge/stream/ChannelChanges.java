package io.tailrace.edge.stream;

import java.util.List;

/**
 * Changes of an open stream's set of channels. The outcome is told on the stream by one {@code stream.channels} event.
 *
 * @param add channels to add, access decided before; one that the stream has already is left as it is
 * @param remove names of channels to remove; one that the stream does not have is ignored
 * @param refused channels that were asked for and refused before the loop was reached
 */
public record ChannelChanges(List<WantedChannel> add, List<String> remove, List<Refused> refused) {
    /**
     * A channel that can't be added.
     *
     * @param channel its name as it was sent
     * @param reason a word on the wire: {@code forbidden}, {@code undeclared}, {@code too_many_channels}, {@code
     *     unavailable}, {@code too_many_changes} …
     */
    public record Refused(String channel, String reason) {}

    /** Whether there is nothing to do and nothing to tell. */
    public boolean isEmpty() {
        return add.isEmpty() && remove.isEmpty() && refused.isEmpty();
    }

    /** Copies the lists. */
    public ChannelChanges {
        add = List.copyOf(add);
        remove = List.copyOf(remove);
        refused = List.copyOf(refused);
    }
}
