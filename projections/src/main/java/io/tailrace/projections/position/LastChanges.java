package io.tailrace.projections.position;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The last change of each row: what a batch leaves behind. One {@code insert … on conflict do update} must not meet a
 * row twice, and writes and deletes of a batch can then go in any order.
 */
public final class LastChanges {
    private LastChanges() {}

    /**
     * Keeps the last change of each row.
     *
     * @param row what tells rows apart
     * @param changes in the order of the log
     */
    public static <C, K> Collection<C> by(Function<C, K> row, List<C> changes) {
        Map<K, C> last = new LinkedHashMap<>();
        for (C change : changes) {
            last.put(row.apply(change), change);
        }
        return last.values();
    }
}
