package io.tailrace.kit.limit;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many of something each address has open, against one limit. It remembers only addresses that have any, so it is as large
 * as what is open. Thread-safe; asked when something opens and when it ends, never in between.
 */
public final class AddressCounts {
    private final int limit;
    private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

    /**
     * Counts.
     *
     * @param limit the most that one address may have; 0: as many as it likes, and nothing is counted
     */
    public AddressCounts(int limit) {
        this.limit = limit;
    }

    /** Whether {@link #take} would refuse now. */
    public boolean isFull(@Nullable String address) {
        return limit > 0 && address != null && open.getOrDefault(address, 0) >= limit;
    }

    /** Counts one more of {@code address}, to be given back by {@link #release}; false if it has as many as it may. */
    public boolean take(@Nullable String address) {
        if (limit == 0 || address == null) {
            return true;
        }
        boolean[] taken = {false};
        open.compute(address, (key, count) -> {
            int now = count == null ? 0 : count;
            taken[0] = now < limit;
            return taken[0] ? now + 1 : count;
        });
        return taken[0];
    }

    /** One that was taken is gone. */
    public void release(@Nullable String address) {
        if (limit > 0 && address != null) {
            open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
