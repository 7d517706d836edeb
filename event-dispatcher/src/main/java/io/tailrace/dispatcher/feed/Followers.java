package io.tailrace.dispatcher.feed;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Who follows whom, for the authors of one task. Over two stores: one entry per pair, whose key is the followee's 16
 * bytes and then the follower's, so that an author's followers are neighbours; and one count per author, so that nobody
 * has to scan a million of them to learn that there are many. Belongs to one task: not thread-safe.
 */
final class Followers {
    /** The store of pairs. Its changelog has this name in it: never change it. */
    static final String PAIRS_STORE = "followers";

    /** The store of counts. Its changelog has this name in it: never change it. */
    static final String COUNTS_STORE = "follower-counts";

    private static final int UUID_BYTES = 16;
    private static final byte[] PRESENT = {};
    private static final ByteArraySerializer AS_IT_IS = new ByteArraySerializer();

    private final KeyValueStore<byte[], byte[]> pairs;
    private final KeyValueStore<byte[], Long> counts;

    private Followers(KeyValueStore<byte[], byte[]> pairs, KeyValueStore<byte[], Long> counts) {
        this.pairs = pairs;
        this.counts = counts;
    }

    /** The stores of the task that {@code context} belongs to. */
    static Followers of(ProcessingContext context) {
        return new Followers(context.getStateStore(PAIRS_STORE), context.getStateStore(COUNTS_STORE));
    }

    static StoreBuilder<KeyValueStore<byte[], byte[]>> pairsStore() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(PAIRS_STORE), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    static StoreBuilder<KeyValueStore<byte[], Long>> countsStore() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(COUNTS_STORE), Serdes.ByteArray(), Serdes.Long())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** Adds a follower; one that is there already stays. */
    void add(UUID followee, UUID follower) {
        byte[] pair = pair(followee, follower);
        if (!contains(pair)) {
            pairs.put(pair, PRESENT);
            counts.put(bytes(followee), count(followee) + 1);
        }
    }

    /** Removes a follower, if there. */
    void remove(UUID followee, UUID follower) {
        byte[] pair = pair(followee, follower);
        if (contains(pair)) {
            pairs.delete(pair);
            long left = count(followee) - 1;
            counts.put(bytes(followee), left > 0 ? left : null);
        }
    }

    /** How many followers an author has. */
    long count(UUID followee) {
        @Nullable Long count = counts.get(bytes(followee));
        return count == null ? 0 : count;
    }

    /** An author's followers, in the order of their ids, read one after the other. The caller closes it. */
    FollowerIterator of(UUID followee) {
        return new FollowerIterator(pairs.prefixScan(bytes(followee), AS_IT_IS));
    }

    private boolean contains(byte[] pair) {
        byte @Nullable [] present = pairs.get(pair);
        return present != null;
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static byte[] pair(UUID followee, UUID follower) {
        return ByteBuffer.allocate(2 * UUID_BYTES)
                .put(bytes(followee))
                .put(bytes(follower))
                .array();
    }

    /** Followers of one author. Holds a snapshot of the store open until it is closed. */
    static final class FollowerIterator implements AutoCloseable {
        private final KeyValueIterator<byte[], byte[]> entries;

        private FollowerIterator(KeyValueIterator<byte[], byte[]> entries) {
            this.entries = entries;
        }

        boolean hasNext() {
            return entries.hasNext();
        }

        UUID next() {
            ByteBuffer pair = ByteBuffer.wrap(entries.next().key, UUID_BYTES, UUID_BYTES);
            return new UUID(pair.getLong(), pair.getLong());
        }

        @Override
        public void close() {
            entries.close();
        }
    }
}
