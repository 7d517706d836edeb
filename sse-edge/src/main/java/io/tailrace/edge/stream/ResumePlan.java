package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.edge.window.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Splits a cursor over the channels that a client wants. Stateless. */
public final class ResumePlan {
    private ResumePlan() {}

    private record Position(TopicPosition topic, PartitionPosition partition) {}

    /**
     * Where each channel starts. A channel that the cursor was made for resumes there, at its own offset if it lags; every
     * other one keeps the start that it was given, also if its partition is in the cursor. One that the cursor names as
     * pending starts at the oldest event, whatever start it was given now. A cursor of version 1 does not say which
     * channels it was made for: it counts for every channel of its partitions. Whether the offset can be served is decided
     * later, by the loop, which knows the log.
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
                .map(channel -> new WantedChannel(
                        channel.name(),
                        channel.partition(),
                        start(channel, cursor, positions.get(channel.partition()))))
                .toList();
    }

    private static Start start(WantedChannel channel, Cursor cursor, @Nullable Position position) {
        int hash = Cursor.channelHash(channel.name());
        if (cursor.isPending(hash)) {
            return new Start.Earliest();
        }
        if (position == null || !position.partition().isMadeFor(hash)) {
            return channel.start();
        }
        LaggingChannel at = position.partition().of(hash);
        return new Start.At(position.topic().generation(), at.nextOffset(), at.leaderEpoch());
    }
}
