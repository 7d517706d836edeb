package io.tailrace.edge.history;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.window.PartitionId;

/**
 * A page that is wanted, of a channel that its reader may read.
 *
 * @param channel whose events
 * @param partition where they are
 * @param direction which way the page goes
 * @param start where it begins; {@link Start.Live} is the end of the log
 * @param limit the most events on it, 1 or more
 */
record PageRequest(Channel channel, PartitionId partition, Direction direction, Start start, int limit) {
    /** Which way a page goes from its start. */
    enum Direction {
        /** What came after it, the oldest first. */
        FORWARDS,
        /** What came before it, the newest first. */
        BACKWARDS
    }
}
