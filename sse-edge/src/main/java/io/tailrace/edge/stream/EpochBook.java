package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where leader epochs of a partition end that were over when a broker was asked, so that thousands of clients that come
 * back with one epoch cost one question. Bounded; forgotten when the partition has another leader epoch.
 */
final class EpochBook {
    /** A log has one epoch more each time that its leader changes. */
    static final int MAX_EPOCHS = 64;

    /**
     * What is known of an epoch.
     *
     * @param epoch the largest of the log that is not above it
     * @param offset where that one ends
     */
    record End(int epoch, long offset) {}

    private final TreeMap<Integer, End> byAsked = new TreeMap<>();
    private int asOf = Cursor.NO_EPOCH;

    /** Where an epoch ends; null if it must be asked. */
    @Nullable
    End find(int epoch, int headEpoch) {
        if (headEpoch != asOf) {
            return null;
        }
        // There is none between the one that was asked and the one that was found.
        Map.Entry<Integer, End> known = byAsked.ceilingEntry(epoch);
        return known != null && known.getValue().epoch() <= epoch ? known.getValue() : null;
    }

    void put(int asked, End end, int headEpoch) {
        if (headEpoch != asOf) {
            clear();
            asOf = headEpoch;
        }
        byAsked.put(asked, end);
        if (byAsked.size() > MAX_EPOCHS) {
            // Whoever comes back has mostly a late one; but the one that was just asked for is needed now.
            int oldest = byAsked.firstKey();
            byAsked.remove(oldest == asked ? byAsked.higherKey(oldest) : oldest);
        }
    }

    void clear() {
        byAsked.clear();
    }
}
