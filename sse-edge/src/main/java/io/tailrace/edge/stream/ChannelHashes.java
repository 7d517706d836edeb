package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cursor names a lagging channel by 32 bits of its name: two channels of a stream must not share them. */
public final class ChannelHashes {
    private record Key(PartitionId partition, int hash) {}

    private ChannelHashes() {}

    /**
     * The channels that share a partition and a hash with an earlier, different one of the list. A stream can't have
     * them; a driver refuses them as {@code conflicting_name}. By chance it is one pair in four billion.
     */
    public static List<WantedChannel> collisions(List<WantedChannel> channels) {
        Map<Key, String> seen = new HashMap<>();
        List<WantedChannel> collisions = new ArrayList<>();
        for (WantedChannel channel : channels) {
            Key key = new Key(channel.partition(), Cursor.channelHash(channel.name()));
            String earlier = seen.putIfAbsent(key, channel.name());
            if (earlier != null && !earlier.equals(channel.name())) {
                collisions.add(channel);
            }
        }
        return collisions;
    }
}
