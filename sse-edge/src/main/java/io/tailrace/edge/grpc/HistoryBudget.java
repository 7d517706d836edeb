package io.tailrace.edge.grpc;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bounds what the histories of all calls hold together, and those of one address a quarter of that. Thread-safe. */
final class HistoryBudget {
    private static final int ADDRESS_PART = 4;

    private final long limit;
    private final Map<String, Long> byAddress = new HashMap<>();
    private long taken;

    HistoryBudget(long limit) {
        this.limit = limit;
    }

    /** Bytes that one call has taken. Thread-safe. */
    final class Share {
        private final @Nullable String address;
        private long bytes;
        private boolean closed;

        private Share(@Nullable String address) {
            this.address = address;
        }

        /** Takes more; false if there is no more, and then nothing is taken. */
        boolean take(int more) {
            synchronized (HistoryBudget.this) {
                if (closed || !add(address, more)) {
                    return false;
                }
                bytes += more;
                return true;
            }
        }

        /** Gives everything back, and takes nothing from now on. */
        void release() {
            synchronized (HistoryBudget.this) {
                closed = true;
                if (bytes > 0) {
                    remove(address, bytes);
                    bytes = 0;
                }
            }
        }
    }

    /**
     * The share of a call.
     *
     * @param address in whose name it is counted; null if in nobody's
     */
    Share open(@Nullable String address) {
        return new Share(address);
    }

    /** What is taken. */
    synchronized long bytes() {
        return taken;
    }

    private boolean add(@Nullable String address, long more) {
        long own = address == null ? 0 : byAddress.getOrDefault(address, 0L) + more;
        if (taken + more > limit || own > limit / ADDRESS_PART) {
            return false;
        }
        taken += more;
        if (address != null) {
            byAddress.put(address, own);
        }
        return true;
    }

    private void remove(@Nullable String address, long bytes) {
        taken -= bytes;
        if (address != null) {
            long left = byAddress.getOrDefault(address, 0L) - bytes;
            if (left > 0) {
                byAddress.put(address, left);
            } else {
                byAddress.remove(address);
            }
        }
    }
}
