package io.tailrace.edge.watch;

import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.Generation;
import org.jspecify.annotations.Nullable;

/**
 * The one position that the cursor of one channel has.
 *
 * @param nextOffset the offset after the last record that was considered
 */
public record LogPosition(Generation generation, long nextOffset) {
    /** Reads it; null if a text is no cursor or has no position. */
    public static @Nullable LogPosition of(String cursor) {
        if (!(CursorCodec.decode(cursor) instanceof CursorDecoding.Decoded(var decoded))
                || decoded.topics().isEmpty()) {
            return null;
        }
        TopicPosition topic = decoded.topics().getFirst();
        PartitionPosition partition = topic.partitions().getFirst();
        return new LogPosition(topic.generation(), partition.nextOffset());
    }
}
