package io.tailrace.dispatcher.channel;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * The ids of the facts of the last hours. A writer that was killed before it could remember the broker's answer writes
 * a fact again; readers of a channel must not see it twice. Belongs to one task: not thread-safe.
 */
public final class RecentEvents {
    /** How many bytes of a key of the store are the id; its time follows. */
    public static final int ID_BYTES = 2 * Long.BYTES;

    private static final String NAME_PREFIX = "recent-";

    private static final byte[] SEEN = {};

    private final WindowStore<byte[], byte[]> seen;
    private final long windowMs;

    private RecentEvents(WindowStore<byte[], byte[]> seen, long windowMs) {
        this.seen = seen;
        this.windowMs = windowMs;
    }

    /** The ids of the task that {@code context} belongs to, in the store of that name. */
    public static RecentEvents of(ProcessingContext context, String store, Duration window) {
        return new RecentEvents(context.getStateStore(store), window.toMillis());
    }

    /**
     * The store to build a topology with.
     *
     * @param name its name, which begins with {@code recent-}; its changelog has it in its name
     * @param window how long an id is remembered
     */
    public static StoreBuilder<WindowStore<byte[], byte[]>> store(String name, Duration window) {
        if (!isStore(name)) {
            throw new IllegalArgumentException("a store of recent events begins with " + NAME_PREFIX + ": " + name);
        }
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore(name, window, window, false),
                        Serdes.ByteArray(),
                        Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** Whether a store, or a segment of one, is of recent events. Such a store is only ever read by one id. */
    public static boolean isStore(String name) {
        return name.startsWith(NAME_PREFIX);
    }

    /**
     * Notes an id.
     *
     * @param timestampMs the time of its record, in milliseconds since the epoch
     * @return whether it is new: not noted within the window before or after
     */
    public boolean note(UUID id, long timestampMs) {
        byte[] key = ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        try (WindowStoreIterator<byte[]> noted =
                seen.fetch(key, Math.max(0, timestampMs - windowMs), timestampMs + windowMs)) {
            if (noted.hasNext()) {
                return false;
            }
        }
        seen.put(key, SEEN, timestampMs);
        return true;
    }
}
