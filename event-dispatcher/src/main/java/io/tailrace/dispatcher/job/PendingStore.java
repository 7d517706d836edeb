package io.tailrace.dispatcher.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of which writes wait until they are kept. So a decision is written whole or not at all, and an entry that it
 * writes several times goes into the store and its changelog once. Belongs to one task.
 *
 * <p>RocksDB walks over what was deleted until a compaction takes it away, and an index is worked off from its beginning. So of each
 * index it is remembered before which key there is nothing; that is forgotten with the process, and of indexes that were not
 * searched for long.
 */
public final class PendingStore {
    private static final int INDEXES_REMEMBERED = 4096;

    /** Of some hundred entries each: of several queues with as many types as have a credit of their own. */
    private static final int FRONTS_REMEMBERED = 1024;

    private final KeyValueStore<Bytes, byte[]> store;

    /** In the order of the store; null deletes. */
    private final TreeMap<Bytes, byte @Nullable []> pending = new TreeMap<>();

    /** By an index's prefix: there is no key of it in the store, or pending, before this one. */
    private final Map<Bytes, Bytes> beginnings = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Bytes> eldest) {
            return size() > INDEXES_REMEMBERED;
        }
    };

    /** Of the pending entries of indexes those that were not there before this decision, so that whoever takes one away again writes nothing. */
    private final Set<Bytes> fresh = new HashSet<>();

    /** Of the indexes that are asked for their first entry again and again, by what their keys begin with. */
    private final TreeMap<Bytes, IndexFront> fronts = new TreeMap<>();

    /** One over a store. */
    public PendingStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** The value of an entry, or null. */
    public byte @Nullable [] get(Bytes key) {
        return pending.containsKey(key) ? pending.get(key) : store.get(key);
    }

    /** Writes an entry, or deletes it by null. */
    public void put(Bytes key, byte @Nullable [] value) {
        pending.put(key, value);
    }

    /**
     * As {@link #put}, of an entry of the index whose keys begin with {@code index}. An entry of an index is taken away before it is put again: what
     * is put has not been there.
     */
    public void put(Bytes index, Bytes key, byte @Nullable [] value) {
        if (value == null && fresh.remove(key)) {
            pending.remove(key);
            return;
        }
        if (value != null && !pending.containsKey(key)) {
            fresh.add(key);
        }
        pending.put(key, value);
        if (value != null) {
            beginnings.computeIfPresent(index, (_, first) -> first.compareTo(key) > 0 ? key : first);
        }
    }

    /**
     * The first entry of an index that is often asked for it, or null. What is remembered of one is
     * bounded.
     */
    public @Nullable KeyValue<Bytes, byte[]> first(Bytes index) {
        if (fronts.size() >= FRONTS_REMEMBERED && !fronts.containsKey(index)) {
            fronts.clear();
        }
        IndexFront front = fronts.computeIfAbsent(index, IndexFront::new);
        KeyValue<Bytes, byte[]> theirs = front.first(store, pending.keySet());
        KeyValue<Bytes, byte[]> ours = next(pending.subMap(index, true, Bytes.increment(index), false)
                .entrySet()
                .iterator());
        if (ours == null || theirs == null) {
            return ours == null ? theirs : ours;
        }
        return ours.key.compareTo(theirs.key) < 0 ? ours : theirs;
    }

    /**
     * The first entries of an index.
     *
     * @param index what its keys begin with
     * @param from where to begin; {@code index} for its beginning
     * @param to not from this key on
     */
    public List<KeyValue<Bytes, byte[]>> first(Bytes index, Bytes from, Bytes to, int limit) {
        Bytes beginning = beginnings.getOrDefault(index, index);
        if (beginning.compareTo(to) >= 0) {
            return List.of();
        }
        List<KeyValue<Bytes, byte[]>> found = new ArrayList<>();
        Bytes end = Bytes.increment(index);
        Iterator<Map.Entry<Bytes, byte @Nullable []>> written =
                pending.subMap(from, true, end, false).entrySet().iterator();
        KeyValue<Bytes, byte[]> ours = next(written);
        boolean whole = from.compareTo(beginning) <= 0;
        try (KeyValueIterator<Bytes, byte[]> stored = store.range(whole ? beginning : from, end)) {
            if (whole) {
                beginnings.put(index, beginning(stored, ours, end));
            }
            while (found.size() < limit) {
                KeyValue<Bytes, byte[]> theirs = stored.hasNext() ? stored.next() : null;
                if (theirs != null && theirs.key.compareTo(to) >= 0) {
                    theirs = null;
                }
                while (ours != null
                        && found.size() < limit
                        && ours.key.compareTo(to) < 0
                        && (theirs == null || ours.key.compareTo(theirs.key) < 0)) {
                    found.add(ours);
                    ours = next(written);
                }
                if (theirs == null) {
                    break;
                }
                if (!pending.containsKey(theirs.key) && found.size() < limit) {
                    found.add(theirs);
                }
            }
        }
        return found;
    }

    /** The first key that is stored, deleted or not, or pending. */
    private static Bytes beginning(
            KeyValueIterator<Bytes, byte[]> stored, @Nullable KeyValue<Bytes, byte[]> ours, Bytes end) {
        Bytes first = stored.hasNext() ? stored.peekNextKey() : end;
        return ours != null && ours.key.compareTo(first) < 0 ? ours.key : first;
    }

    private static @Nullable KeyValue<Bytes, byte[]> next(Iterator<Map.Entry<Bytes, byte @Nullable []>> written) {
        while (written.hasNext()) {
            Map.Entry<Bytes, byte @Nullable []> entry = written.next();
            byte @Nullable [] value = entry.getValue();
            if (value != null) {
                return KeyValue.pair(entry.getKey(), value);
            }
        }
        return null;
    }

    /** Writes what is pending. */
    public void keep() {
        pending.forEach(this::write);
        pending.clear();
        fresh.clear();
    }

    /** Forgets what is pending. */
    public void discard() {
        pending.clear();
        fresh.clear();
    }

    /** Streams' stores delete by null, but are not annotated so. */
    @SuppressWarnings("NullAway")
    private void write(Bytes key, byte @Nullable [] value) {
        store.put(Objects.requireNonNull(key), value);
        Map.Entry<Bytes, IndexFront> front = fronts.floorEntry(key);
        if (front != null && front.getValue().covers(key)) {
            front.getValue().written(key, value);
        }
    }
}
