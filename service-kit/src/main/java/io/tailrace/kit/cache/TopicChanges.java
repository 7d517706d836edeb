package io.tailrace.kit.cache;

import io.tailrace.contracts.channel.KeyPartition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which facts of a topic have changed not long ago. Of each partition it knows all changes from a floor on, up to where the topic
 * was read; it knows the last change of so many keys, and its floor rises past those that it forgets. What is at least as new as
 * the floor and as the key's last change is current. Thread-safe.
 */
final class TopicChanges {
    private final int maxKeys;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private @Nullable String generation;

    private static final class Partition {
        private long floor;
        private long position;

        /** The offset of the last change of each key, the least recent first. */
        private final Map<String, Long> last = new LinkedHashMap<>();

        Partition(long start) {
            floor = start;
            position = start;
        }
    }

    /**
     * Knows nothing yet, so nothing is current.
     *
     * @param maxKeys of how many keys of a partition the last change is known
     */
    TopicChanges(int maxKeys) {
        this.maxKeys = maxKeys;
    }

    /** Begins anew: nothing is known of what is below these offsets. */
    void begin(String topicId, Map<Integer, Long> starts) {
        lock.lock();
        try {
            generation = topicId;
            partitions.clear();
            starts.forEach((partition, start) -> partitions.put(partition, new Partition(start)));
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Knows nothing any more, so nothing is current until {@link #begin}. */
    void forget() {
        lock.lock();
        try {
            partitions.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Where reading goes on: the position of each partition, if this topic was read before; empty if another or none was. */
    Map<Integer, Long> positions(String topicId) {
        lock.lock();
        try {
            Map<Integer, Long> found = new HashMap<>();
            if (topicId.equals(generation)) {
                partitions.forEach((partition, state) -> found.put(partition, state.position));
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** A record was read. */
    void changed(int partition, String key, long offset) {
        lock.lock();
        try {
            Partition state = partitions.get(partition);
            if (state == null) {
                return;
            }
            // Again as the most recent one.
            state.last.remove(key);
            state.last.put(key, offset);
            if (state.last.size() > maxKeys) {
                Iterator<Long> eldest = state.last.values().iterator();
                state.floor = Math.max(state.floor, eldest.next() + 1);
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Everything below this offset was read. */
    void reached(int partition, long position) {
        lock.lock();
        try {
            Partition state = partitions.get(partition);
            if (state != null && position > state.position) {
                state.position = position;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a value of this version has all changes of its key that were read. */
    boolean isCurrent(String key, Version version) {
        lock.lock();
        try {
            Partition state = state(key);
            if (state == null || !version.generation().equals(generation)) {
                return false;
            }
            @Nullable Long last = state.last.get(key);
            return version.nextOffset() >= state.floor && (last == null || last < version.nextOffset());
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is known that a value of this version is of before a change of its key, or of another topic of the name. */
    boolean isOutdated(String key, Version version) {
        lock.lock();
        try {
            Partition state = state(key);
            if (state == null) {
                return false;
            }
            @Nullable Long last = state.last.get(key);
            return !version.generation().equals(generation) || last != null && last >= version.nextOffset();
        } finally {
            lock.unlock();
        }
    }

    /** The partition of a key; empty as long as nothing is known. */
    OptionalInt partition(String key) {
        lock.lock();
        try {
            return partitions.isEmpty() ? OptionalInt.empty() : OptionalInt.of(partitionOf(key));
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything below {@code end} of a key's partition was read; false if that takes longer. */
    boolean await(String key, long end, long withinMs) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(withinMs);
            Partition state = state(key);
            while (state == null || state.position < end) {
                if (leftNs <= 0) {
                    return false;
                }
                leftNs = moved.awaitNanos(leftNs);
                state = state(key);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Partition state(String key) {
        return partitions.isEmpty() ? null : partitions.get(partitionOf(key));
    }

    private int partitionOf(String key) {
        return KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), partitions.size());
    }
}
