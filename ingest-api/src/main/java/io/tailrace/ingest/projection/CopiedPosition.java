package io.tailrace.ingest.projection;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.Generation;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * How far a copy of the channels of a namespace has read the partition of one of them. Immutable.
 *
 * @param generation the Kafka topic id, as text
 * @param nextOffset the offset after the last record of the partition that is in the copy
 */
public record CopiedPosition(String generation, long nextOffset) {
    /** The cursor of a channel at which the copy is true: what comes from there on is not in it. */
    public String cursor(Channel channel, Namespace namespace) {
        PartitionPosition position = new PartitionPosition(
                channel.partition(namespace.partitions()),
                nextOffset,
                Cursor.NO_EPOCH,
                Members.of(channel.name()),
                List.of());
        return CursorCodec.encode(
                new Cursor(List.of(new TopicPosition(namespace.number(), logGeneration(), List.of(position)))));
    }

    /** The generation as cursors have it. */
    public Generation logGeneration() {
        Uuid topic = Uuid.fromString(generation);
        return Generation.of(new UUID(topic.getMostSignificantBits(), topic.getLeastSignificantBits()));
    }
}
