package io.tailrace.dispatcher.feed;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The fan-outs of one task that are under way, by a number that grows with each. A post is two entries until its last follower
 * has it: the post itself, written once, and how far it has come, written with every turn. So the store is as large as
 * what is waiting. Belongs to one task: not thread-safe.
 */
final class FanOuts {
    /** The store. Its changelog has this name in it: never change it. */
    static final String STORE = "fan-outs";

    /** Under it is the number of the next one: shorter than every other key, so it is the first. */
    private static final byte[] NEXT = {0};

    /** Behind a number: the key of how far it has come. */
    private static final byte PROGRESS = 'p';

    private final KeyValueStore<byte[], byte[]> store;

    private FanOuts(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /** The store of the task that {@code context} belongs to. */
    static FanOuts of(ProcessingContext context) {
        return new FanOuts(context.getStateStore(STORE));
    }

    static StoreBuilder<KeyValueStore<byte[], byte[]>> store() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** The number that the next one will have, 1 or more. Who follows from now on is not a follower of those before. */
    long next() {
        byte @Nullable [] next = store.get(NEXT);
        return next == null ? 1 : number(next);
    }

    /** Keeps one; returns its number. */
    long add(FanOut fanOut) {
        long number = next();
        store.put(NEXT, key(number + 1));
        store.put(key(number), fanOut.bytes());
        return number;
    }

    /** The one of a number. */
    FanOut get(long number) {
        byte @Nullable [] stored = store.get(key(number));
        if (stored == null) {
            throw new IllegalStateException("there is no fan-out " + number);
        }
        return FanOut.read(stored);
    }

    /** The last follower that has it, in the order of their ids; null for none yet. */
    @Nullable
    UUID served(long number) {
        byte @Nullable [] stored = store.get(progressKey(number));
        if (stored == null) {
            return null;
        }
        ByteBuffer id = ByteBuffer.wrap(stored);
        return new UUID(id.getLong(), id.getLong());
    }

    /** Notes that followers up to this one have it. */
    void putServed(long number, UUID follower) {
        store.put(
                progressKey(number),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(follower.getMostSignificantBits())
                        .putLong(follower.getLeastSignificantBits())
                        .array());
    }

    /** Forgets one that every follower has. */
    void remove(long number) {
        store.delete(key(number));
        store.delete(progressKey(number));
    }

    /**
     * Writes into the changelog what is there already. The broker compacts no segment that it still writes to, and begins a new one
     * behind an old one only when something is written: until then the text of a post that was deleted, and how far it had come,
     * would stay. Does nothing where no post ever was.
     */
    void touch() {
        byte @Nullable [] next = store.get(NEXT);
        if (next != null) {
            store.put(NEXT, next);
        }
    }

    /** Shows the number and the author of each, in the order of their numbers. */
    void forEach(BiConsumer<Long, UUID> each) {
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            while (all.hasNext()) {
                var entry = all.next();
                if (entry.key.length == Long.BYTES) {
                    each.accept(number(entry.key), FanOut.author(entry.value));
                }
            }
        }
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] progressKey(long number) {
        return ByteBuffer.allocate(Long.BYTES + 1).putLong(number).put(PROGRESS).array();
    }

    private static long number(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }
}
