package io.tailrace.systemtests.chaos.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log, as a reader of its own has read it so far, and how much of it was deleted. It only grows. Thread-safe; what it
 * gives to {@link ClientCheck} is used under its lock.
 */
public final class LogIndex {
    private final Map<String, ChannelLog> channels = new HashMap<>();
    private final Map<PartitionName, Long> trimmedTo = new HashMap<>();
    private long events;

    /**
     * A partition of a namespace's topic.
     *
     * @param namespace the namespace
     * @param partition its number
     */
    public record PartitionName(String namespace, int partition) {}

    /**
     * An event of the log.
     *
     * @param id its id
     * @param offset in its partition
     * @param timeMs the record's time, milliseconds since 1970
     */
    public record Appended(String id, long offset, long timeMs) {}

    /** The next committed record of a partition; each partition in the order of its offsets. */
    public synchronized void append(PartitionName partition, String channel, Appended event) {
        channels.computeIfAbsent(channel, name -> new ChannelLog(partition)).append(event);
        events++;
    }

    /** Records below {@code offset} are about to be deleted. */
    public synchronized void trimming(PartitionName partition, long offset) {
        trimmedTo.merge(partition, offset, Math::max);
    }

    /** Whether an event was read. */
    public synchronized boolean knows(String channel, String id) {
        ChannelLog log = channels.get(channel);
        return log != null && log.position(id) != null;
    }

    /** How many events were read. */
    public synchronized long events() {
        return events;
    }

    /**
     * Holds acknowledged writes against the log: each is there, once, in the order in which they were made, and nothing else is.
     *
     * @param channel where they went
     * @param acknowledged their ids, in order
     */
    public synchronized void checkWrites(String channel, List<String> acknowledged, Findings findings) {
        ChannelLog log = channels.get(channel);
        int before = -1;
        for (String id : acknowledged) {
            Integer position = log == null ? null : log.position(id);
            if (position == null) {
                findings.add(Finding.WRITE, 1, channel + ": " + id + " was acknowledged and is not in the log");
            } else {
                findings.add(Finding.WRITE, position < before ? 1 : 0, channel + ": " + id + " stands before its turn");
                before = Math.max(before, position);
            }
        }
        if (log != null) {
            Set<String> known = new HashSet<>(acknowledged);
            for (int i = 0; i < log.size(); i++) {
                String id = log.get(i).id();
                findings.add(Finding.WRITE, known.contains(id) ? 0 : 1, channel + ": " + id + " was not acknowledged");
            }
            for (String id : log.twice()) {
                findings.add(Finding.WRITE, 1, channel + ": " + id + " is in the log twice");
            }
        }
    }

    /** The events of a channel; null as long as it has none. To be used under this object's lock. */
    @Nullable
    ChannelLog channel(String name) {
        return channels.get(name);
    }

    /** Below this offset everything may be deleted. */
    long trimmedTo(PartitionName partition) {
        return trimmedTo.getOrDefault(partition, 0L);
    }
}
