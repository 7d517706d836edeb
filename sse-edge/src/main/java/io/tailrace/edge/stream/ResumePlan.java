package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.edge.window.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Splits a cursor over the channels that a client wants. Stateless. */
public final class ResumePlan {
    private ResumePlan() {}

    private record Position(TopicPosition topic, PartitionPosition partition) {}

    /**
     * Where each channel starts. A channel whose partition is in the cursor resumes there, at its own offset if it lags;
     * one whose partition is not keeps the start that it was given. Whether the offset can be served is decided later,
     * by the loop, which knows the log.
     *
     * @param cursor what the client sent
     * @param wanted the channels, each with the start that it has as a new one
     */
    public static List<WantedChannel> split(Cursor cursor, List<WantedChannel> wanted) {
        Map<PartitionId, Position> positions = new HashMap<>();
        for (TopicPosition topic : cursor.topics()) {
            for (PartitionPosition partition : topic.partitions()) {
                positions.put(
                        new PartitionId(topic.namespace(), partition.partition()), new Position(topic, partition));
            }
        }
        return wanted.stream()
                .map(channel -> {
                    Position position = positions.get(channel.partition());
                    return position == null ? channel : resumed(channel, position);
                })
                .toList();
    }

    private static WantedChannel resumed(WantedChannel channel, Position position) {
        LaggingChannel at = position.partition().of(Cursor.channelHash(channel.name()));
        return new WantedChannel(
                channel.name(),
                channel.partition(),
                new Start.At(position.topic().generation(), at.nextOffset(), at.leaderEpoch()));
    }
}
