package io.tailrace.dispatcher.job;

import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps the few entries which almost every decision changes in memory, and writes each of them once for a transaction: the
 * state of a queue was three of some sixteen entries that an empty job cost in the changelog, and the time of the log up to three more.
 *
 * <p>Kafka Streams has what is cached in a {@link CachedStateStore} written before it commits, so a hot entry is in the same transaction as
 * what was decided with it. Its own cache is not used because it holds all entries of a store back, and each walk over an index would copy the keys of
 * that. Belongs to one task.
 *
 * <p>Ranges do not see hot entries that are not written yet, so none may be walked over.
 */
final class HotEntryStore implements KeyValueStore<Bytes, byte[]>, CachedStateStore<byte[], byte[]> {
    private final KeyValueStore<Bytes, byte[]> store;
    private final Predicate<Bytes> isHot;

    /** Hot entries that were changed since the last commit. Null deletes. */
    private final TreeMap<Bytes, byte @Nullable []> changed = new TreeMap<>();

    /**
     * A store over another one.
     *
     * @param isHot whether a key is of an entry that most decisions change; of few keys
     */
    HotEntryStore(KeyValueStore<Bytes, byte[]> store, Predicate<Bytes> isHot) {
        this.store = store;
        this.isHot = isHot;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        // What a transaction that was aborted has left here never happened.
        changed.clear();
        store.init(context, root);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        if (isHot.test(key)) {
            changed.put(key, value);
        } else {
            write(key, value);
        }
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return changed.containsKey(key) ? changed.get(key) : store.get(key);
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
        byte @Nullable [] before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        byte @Nullable [] before = get(key);
        put(key, null);
        return before;
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return store.range(from, to);
    }

    /** For tests and tools: everything, also what is not written yet. */
    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        flushCache();
        return store.all();
    }

    @Override
    public long approximateNumEntries() {
        return store.approximateNumEntries();
    }

    /** Called by Kafka Streams before it commits. */
    @Override
    public void flushCache() {
        changed.forEach(this::write);
        changed.clear();
    }

    @Override
    public void flush() {
        flushCache();
        store.flush();
    }

    @Override
    public void clearCache() {
        changed.clear();
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public void close() {
        changed.clear();
        store.close();
    }

    @Override
    public boolean persistent() {
        return store.persistent();
    }

    @Override
    public boolean isOpen() {
        return store.isOpen();
    }

    /** Streams' stores delete by null, but are not annotated so. */
    @SuppressWarnings("NullAway")
    private void write(Bytes key, byte @Nullable [] value) {
        store.put(Objects.requireNonNull(key), value);
    }
}
