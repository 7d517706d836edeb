package io.tailrace.dispatcher.feed;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Who follows whom, for the authors of one task. Over two stores: one entry per pair, whose key is the followee's 16
 * bytes and then the follower's, so that an author's followers are neighbours, and whose value is the number of the first
 * fan-out that is for this follower; and one count per author, so that nobody has to scan a million of them to learn that
 * there are many. Belongs to one task: not thread-safe.
 */
final class Followers {
    /** The store of pairs. Its changelog has this name in it: never change it. */
    static final String PAIRS_STORE = "followers";

    /** The store of counts. Its changelog has this name in it: never change it. */
    static final String COUNTS_STORE = "follower-counts";

    private static final int UUID_BYTES = 16;

    /** No id is after it. */
    private static final UUID LAST = new UUID(-1, -1);

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

    /**
     * Adds a follower; one that is there already stays.
     *
     * @param since the number of the first fan-out that is for this follower
     */
    void add(UUID followee, UUID follower, long since) {
        byte[] pair = pair(followee, follower);
        if (!contains(pair)) {
            pairs.put(pair, ByteBuffer.allocate(Long.BYTES).putLong(since).array());
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

    /**
     * Removes a follower, and writes that into the changelogs also if it was removed before: the broker compacts their segments of then when
     * something is written behind them.
     */
    void forget(UUID followee, UUID follower) {
        remove(followee, follower);
        pairs.delete(pair(followee, follower));
        long left = count(followee);
        counts.put(bytes(followee), left > 0 ? left : null);
    }

    /** How many followers an author has. */
    long count(UUID followee) {
        @Nullable Long count = counts.get(bytes(followee));
        return count == null ? 0 : count;
    }

    /** An author's followers, in the order of their ids, read one after the other. The caller closes it. */
    FollowerIterator of(UUID followee) {
        return new FollowerIterator(pairs.prefixScan(bytes(followee), AS_IT_IS), null, Long.MAX_VALUE);
    }

    /**
     * The same, for a fan-out.
     *
     * @param after begins after this follower; null for the first
     * @param fanOut its number: who has followed since is left out
     */
    FollowerIterator of(UUID followee, @Nullable UUID after, long fanOut) {
        KeyValueIterator<byte[], byte[]> entries = after == null
                ? pairs.prefixScan(bytes(followee), AS_IT_IS)
                : pairs.range(pair(followee, after), pair(followee, LAST));
        return new FollowerIterator(entries, after, fanOut);
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
        private final @Nullable UUID after;
        private final long fanOut;
        private @Nullable UUID next;

        private FollowerIterator(KeyValueIterator<byte[], byte[]> entries, @Nullable UUID after, long fanOut) {
            this.entries = entries;
            this.after = after;
            this.fanOut = fanOut;
        }

        boolean hasNext() {
            while (next == null && entries.hasNext()) {
                KeyValue<byte[], byte[]> entry = entries.next();
                ByteBuffer pair = ByteBuffer.wrap(entry.key, UUID_BYTES, UUID_BYTES);
                UUID follower = new UUID(pair.getLong(), pair.getLong());
                // Pairs of before there were fan-outs have no number.
                long since = entry.value.length == 0
                        ? 0
                        : ByteBuffer.wrap(entry.value).getLong();
                if (since <= fanOut && !follower.equals(after)) {
                    next = follower;
                }
            }
            return next != null;
        }

        UUID next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            UUID follower = next;
            next = null;
            return follower;
        }

        @Override
        public void close() {
            entries.close();
        }
    }
}
