package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest part of what was read of a partition. Immutable.
 *
 * @param generation of its topic
 * @param newestFirst the leader epochs of its records, as far back as they are in memory; never empty
 */
public record ReadLog(Generation generation, List<Span> newestFirst) {
    /**
     * Records of one leader epoch.
     *
     * @param epoch theirs; {@link io.tailrace.contracts.cursor.Cursor#NO_EPOCH} if it is not known
     * @param to the offset after the last
     */
    public record Span(int epoch, long to) {}

    /** What a window holds. */
    public static ReadLog of(Generation generation, PartitionWindow window) {
        List<Span> spans = new ArrayList<>();
        spans.add(new Span(window.headEpoch(), window.head()));
        for (Batch batch : window.batches().reversed()) {
            if (batch.leaderEpoch() != spans.getLast().epoch()) {
                spans.add(new Span(batch.leaderEpoch(), batch.toOffset()));
            }
        }
        return new ReadLog(generation, List.copyOf(spans));
    }
}
