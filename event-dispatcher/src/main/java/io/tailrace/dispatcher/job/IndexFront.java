package io.tailrace.dispatcher.job;

import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The first stored entries of an index, in memory. An index that is worked off from its beginning is asked for its first entry each time, and
 * each iterator of RocksDB costs as much as several writes; so some entries are read at once, and kept in step with what is written.
 * Belongs to one task.
 */
final class IndexFront {
    /** Read at once. */
    static final int STRETCH = 32;

    private static final int MOST = 8 * STRETCH;

    private final Bytes end;

    /** All stored entries of the index before {@link #known}, and no others. */
    private final TreeMap<Bytes, byte[]> entries = new TreeMap<>();

    private Bytes known;

    /**
     * The front of an index of which nothing is known.
     *
     * @param index what its keys begin with
     */
    IndexFront(Bytes index) {
        this.known = index;
        this.end = Bytes.increment(index);
    }

    /** Whether a key is one of the index. */
    boolean covers(Bytes key) {
        return key.compareTo(end) < 0;
    }

    /** The first stored entry whose key is not one of {@code hidden}, or null if there is none. */
    @Nullable
    KeyValue<Bytes, byte[]> first(KeyValueStore<Bytes, byte[]> store, Set<Bytes> hidden) {
        Iterator<Map.Entry<Bytes, byte[]>> read = entries.entrySet().iterator();
        while (true) {
            while (read.hasNext()) {
                Map.Entry<Bytes, byte[]> entry = read.next();
                if (!hidden.contains(entry.getKey())) {
                    return KeyValue.pair(entry.getKey(), entry.getValue());
                }
            }
            if (known.compareTo(end) >= 0) {
                return null;
            }
            Bytes from = known;
            readOn(store);
            read = entries.tailMap(from, true).entrySet().iterator();
        }
    }

    private void readOn(KeyValueStore<Bytes, byte[]> store) {
        try (KeyValueIterator<Bytes, byte[]> stored = store.range(known, end)) {
            int left = STRETCH;
            Bytes next = end;
            while (stored.hasNext()) {
                KeyValue<Bytes, byte[]> entry = stored.next();
                // A range ends with its last key, which belongs to the next index.
                if (entry.key.compareTo(end) >= 0) {
                    break;
                }
                if (left == 0) {
                    next = entry.key;
                    break;
                }
                entries.put(entry.key, entry.value);
                left--;
            }
            known = next;
        }
    }

    /** An entry of the index was written, or deleted by null. */
    void written(Bytes key, byte @Nullable [] value) {
        if (key.compareTo(known) >= 0) {
            return;
        }
        if (value == null) {
            entries.remove(key);
            return;
        }
        entries.put(key, value);
        if (entries.size() > MOST) {
            while (entries.size() > MOST / 2) {
                known = entries.pollLastEntry().getKey();
            }
        }
    }
}
