package io.tailrace.systemtests.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The committed events of one channel, in the order of the log. Not thread-safe. */
final class ChannelLog {
    /** The place of a channel's events. */
    final LogIndex.PartitionName partition;

    private final List<LogIndex.Appended> events = new ArrayList<>();
    private final Map<String, Integer> positionById = new HashMap<>();
    private final List<String> twice = new ArrayList<>();

    ChannelLog(LogIndex.PartitionName partition) {
        this.partition = partition;
    }

    void append(LogIndex.Appended event) {
        if (positionById.putIfAbsent(event.id(), events.size()) != null) {
            twice.add(event.id());
        }
        events.add(event);
    }

    int size() {
        return events.size();
    }

    LogIndex.Appended get(int position) {
        return events.get(position);
    }

    @Nullable
    Integer position(String id) {
        return positionById.get(id);
    }

    List<String> twice() {
        return twice;
    }

    /** The position of the first event at or behind an offset; the size if there is none yet. */
    int firstAt(long offset) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
