package io.tailrace.edge.history;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import java.util.List;

/**
 * A position between two records of a partition.
 *
 * @param offset of the record behind it
 * @param epoch the leader epoch of a record beside it that was read, which vouches for it; {@link Cursor#NO_EPOCH} if there
 *     is none
 */
record PagePosition(long offset, int epoch) {
    /** The cursor of a stream that has this channel alone and everything before the position. */
    String cursor(Channel channel, PartitionId partition, Generation generation) {
        PartitionPosition position = new PartitionPosition(
                partition.partition(), offset, epoch, Cursor.Members.of(channel.name()), List.of());
        return CursorCodec.encode(
                new Cursor(List.of(new TopicPosition(partition.namespace(), generation, List.of(position)))));
    }
}
