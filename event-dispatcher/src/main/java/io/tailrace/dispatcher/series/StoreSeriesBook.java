package io.tailrace.dispatcher.series;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The book in a Kafka Streams store: {@code w}, a window's length in seconds, its beginning and its metric has the window; {@code u} and
 * the same has nothing and says that it has changed since it was told; {@code c} has the clock, {@code l} the lengths, and {@code e} and a
 * length its extent. So the windows of one length are in the order of time. Belongs to one task.
 */
final class StoreSeriesBook implements SeriesBook {
    private static final byte CLOCK = 'c';
    private static final byte EXTENT = 'e';
    private static final byte LENGTHS = 'l';
    private static final byte UNTOLD = 'u';
    private static final byte WINDOW = 'w';
    private static final byte[] PRESENT = {1};
    private static final Bytes CLOCK_KEY = Bytes.wrap(new byte[] {CLOCK});
    private static final Bytes LENGTHS_KEY = Bytes.wrap(new byte[] {LENGTHS});
    private static final Bytes UNTOLD_INDEX = Bytes.wrap(new byte[] {UNTOLD});
    private static final int PREFIX_BYTES = 1 + Integer.BYTES + Long.BYTES;
    private static final int KEY_BYTES = PREFIX_BYTES + 2 * Long.BYTES;

    private final KeyValueStore<Bytes, byte[]> store;

    /** By a length, before which beginning no window is left: RocksDB walks over what was deleted. */
    private final Map<Long, Long> forgottenTo = new HashMap<>();

    StoreSeriesBook(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Override
    public long clockMs() {
        byte @Nullable [] bytes = store.get(CLOCK_KEY);
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    @Override
    public void putClock(long nowMs) {
        store.put(CLOCK_KEY, ByteBuffer.allocate(Long.BYTES).putLong(nowMs).array());
    }

    @Override
    public List<Long> lengths() {
        byte @Nullable [] bytes = store.get(LENGTHS_KEY);
        List<Long> lengths = new ArrayList<>();
        if (bytes != null) {
            ByteBuffer kept = ByteBuffer.wrap(bytes);
            while (kept.hasRemaining()) {
                lengths.add(kept.getLong());
            }
        }
        return lengths;
    }

    @Override
    public void putLengths(List<Long> lengthsMs) {
        ByteBuffer kept = ByteBuffer.allocate(lengthsMs.size() * Long.BYTES);
        lengthsMs.forEach(kept::putLong);
        store.put(LENGTHS_KEY, kept.array());
    }

    @Override
    public Extent extent(long lengthMs) {
        byte @Nullable [] bytes = store.get(extentKey(lengthMs));
        if (bytes == null) {
            return Extent.ALL;
        }
        ByteBuffer kept = ByteBuffer.wrap(bytes);
        return new Extent(kept.getLong(), kept.getLong());
    }

    @Override
    public void putExtent(long lengthMs, Extent extent) {
        store.put(
                extentKey(lengthMs),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(extent.openMs())
                        .putLong(extent.wholeMs())
                        .array());
    }

    @Override
    public long latestEndMs(long lengthMs) {
        try (KeyValueIterator<Bytes, byte[]> stored =
                store.reverseRange(prefix(lengthMs, 0), prefix(lengthMs, Long.MAX_VALUE))) {
            return stored.hasNext() ? key(stored.next().key).endMs() : 0;
        }
    }

    @Override
    public @Nullable Window window(WindowKey key) {
        byte @Nullable [] bytes = store.get(key(WINDOW, key));
        return bytes == null ? null : Window.read(bytes);
    }

    @Override
    public void put(WindowKey key, Window window) {
        store.put(key(WINDOW, key), window.bytes());
    }

    @Override
    public void remove(WindowKey key) {
        var unused = store.delete(key(WINDOW, key));
    }

    @Override
    public List<WindowKey> before(long lengthMs, long startMs, int limit) {
        long fromMs = forgottenTo.getOrDefault(lengthMs, 0L);
        if (fromMs >= startMs) {
            return List.of();
        }
        List<WindowKey> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> stored =
                store.range(prefix(lengthMs, fromMs), prefix(lengthMs, startMs))) {
            while (stored.hasNext() && keys.size() < limit) {
                keys.add(key(stored.next().key));
            }
        }
        forgottenTo.put(lengthMs, keys.size() < limit ? startMs : keys.getLast().startMs());
        return keys;
    }

    @Override
    public List<WindowKey> untold() {
        List<WindowKey> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> stored = store.range(UNTOLD_INDEX, Bytes.increment(UNTOLD_INDEX))) {
            stored.forEachRemaining(entry -> {
                if (entry.key.get()[0] == UNTOLD) {
                    keys.add(key(entry.key));
                }
            });
        }
        return keys;
    }

    @Override
    public void putUntold(WindowKey key) {
        store.put(key(UNTOLD, key), PRESENT);
    }

    @Override
    public void removeUntold(WindowKey key) {
        var unused = store.delete(key(UNTOLD, key));
    }

    /** Times are not below zero here: the log's time is not, and earlier windows are long over. */
    private static Bytes prefix(long lengthMs, long startMs) {
        return Bytes.wrap(ByteBuffer.allocate(PREFIX_BYTES)
                .put(WINDOW)
                .putInt(seconds(lengthMs))
                .putLong(startMs)
                .array());
    }

    private static Bytes extentKey(long lengthMs) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Integer.BYTES)
                .put(EXTENT)
                .putInt(seconds(lengthMs))
                .array());
    }

    private static Bytes key(byte kind, WindowKey key) {
        return Bytes.wrap(ByteBuffer.allocate(KEY_BYTES)
                .put(kind)
                .putInt(seconds(key.lengthMs()))
                .putLong(key.startMs())
                .putLong(key.metric().getMostSignificantBits())
                .putLong(key.metric().getLeastSignificantBits())
                .array());
    }

    private static WindowKey key(Bytes bytes) {
        ByteBuffer key = ByteBuffer.wrap(bytes.get());
        var unused = key.get();
        return new WindowKey(key.getInt() * 1_000L, key.getLong(), new UUID(key.getLong(), key.getLong()));
    }

    private static int seconds(long lengthMs) {
        return Math.toIntExact(lengthMs / 1_000);
    }
}
