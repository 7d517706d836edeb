package io.tailrace.kit.limit;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Bounds the open connections of one server in number, all together and those of one address. Thread-safe. */
public final class ConnectionLimit {
    private final int max;
    private final AddressCounts byAddress;
    private final AtomicInteger open = new AtomicInteger();

    /** What becomes of a connection. */
    public enum Outcome {
        /** It counts until it is released. */
        TAKEN,
        /** There are as many as there may be. */
        FULL,
        /** Its address has as many as it may have. */
        ADDRESS_FULL
    }

    /**
     * Counts.
     *
     * @param max the most that may be open at once
     * @param maxPerAddress the most of one address; 0: as many as there may be
     */
    public ConnectionLimit(int max, int maxPerAddress) {
        this.max = max;
        this.byAddress = new AddressCounts(maxPerAddress);
    }

    /**
     * Counts a connection. One that is refused does not count, so that it does not keep out those that come while it is being
     * refused.
     *
     * @param address in whose name it is counted; null if in nobody's
     */
    public Outcome take(@Nullable String address) {
        int number = open.incrementAndGet();
        boolean within = byAddress.take(address);
        if (number <= max && within) {
            return Outcome.TAKEN;
        }
        open.decrementAndGet();
        if (!within) {
            return Outcome.ADDRESS_FULL;
        }
        byAddress.release(address);
        return Outcome.FULL;
    }

    /** A connection that was taken is closed. */
    public void release(@Nullable String address) {
        open.decrementAndGet();
        byAddress.release(address);
    }

    /** How many are open. */
    public int open() {
        return open.get();
    }
}
