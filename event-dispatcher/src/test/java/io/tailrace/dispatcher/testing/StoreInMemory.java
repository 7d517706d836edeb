package io.tailrace.dispatcher.testing;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store in memory with its changelog, from which it can be made again. It counts what is read. */
public final class StoreInMemory {
    /**
     * A record of the changelog.
     *
     * @param value null for a tombstone
     */
    private record Change(Bytes key, byte @Nullable [] value) {}

    private final TreeMap<Bytes, byte[]> entries = new TreeMap<>();
    private final List<Change> changelog = new ArrayList<>();
    private int reads;

    /** The store. */
    @SuppressWarnings("unchecked")
    public KeyValueStore<Bytes, byte[]> store() {
        return (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                StoreInMemory.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "get" -> {
                        reads++;
                        yield entries.get((Bytes) arguments[0]);
                    }
                    case "put" -> {
                        apply(new Change((Bytes) arguments[0], (byte[]) arguments[1]));
                        yield null;
                    }
                    case "range" ->
                        new Entries(entries.subMap((Bytes) arguments[0], true, (Bytes) arguments[1], true)
                                .entrySet());
                    default -> throw new AssertionError(method + " is not expected");
                });
    }

    private void apply(Change change) {
        changelog.add(change);
        byte[] value = change.value();
        if (value == null) {
            entries.remove(change.key());
        } else {
            entries.put(change.key(), value);
        }
    }

    /** How long the changelog is. */
    public int changes() {
        return changelog.size();
    }

    /** The store as it is made again from the beginning of its changelog. */
    public StoreInMemory restored(int changes) {
        StoreInMemory restored = new StoreInMemory();
        changelog.subList(0, changes).forEach(restored::apply);
        return restored;
    }

    /** What is in it. */
    public Map<Bytes, byte[]> entries() {
        return entries;
    }

    /** How many entries were read. */
    public int reads() {
        return reads;
    }

    private final class Entries implements KeyValueIterator<Bytes, byte[]> {
        private final Iterator<Map.Entry<Bytes, byte[]>> entries;
        private Map.@Nullable Entry<Bytes, byte[]> next;

        Entries(Set<Map.Entry<Bytes, byte[]>> entries) {
            this.entries = entries.iterator();
            step();
        }

        private void step() {
            next = entries.hasNext() ? entries.next() : null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Bytes peekNextKey() {
            return present().getKey();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            Map.Entry<Bytes, byte[]> entry = present();
            reads++;
            step();
            return KeyValue.pair(entry.getKey(), entry.getValue());
        }

        private Map.Entry<Bytes, byte[]> present() {
            Map.Entry<Bytes, byte[]> entry = next;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            return entry;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
