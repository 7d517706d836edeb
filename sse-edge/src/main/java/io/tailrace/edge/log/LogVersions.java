package io.tailrace.edge.log;

import io.tailrace.edge.window.PartitionId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often what was read of a partition has become of no use, because a part of its log was truncated or because nobody
 * looked. What is read elsewhere than by the tailer is marked with it. One number for each partition that was ever read.
 * Thread-safe.
 */
final class LogVersions {
    private final Map<PartitionId, Long> versions = new ConcurrentHashMap<>();

    long of(PartitionId partition) {
        return versions.getOrDefault(partition, 0L);
    }

    /** From now on it is another log. */
    void next(PartitionId partition) {
        versions.merge(partition, 1L, Long::sum);
    }
}
