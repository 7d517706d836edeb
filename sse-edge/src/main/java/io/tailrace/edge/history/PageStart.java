package io.tailrace.edge.history;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.stream.LogEnd;
import io.tailrace.edge.stream.ResetReason;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.window.PartitionFacts;
import org.jspecify.annotations.Nullable;

/**
 * Where a page begins, after what was wanted was held against the log of one leader. It is told what a stream is told that
 * resumes at the same cursor.
 *
 * @param position where it begins
 * @param gap what retention has deleted of what was wanted; null for nothing
 * @param reset why the cursor could not be used; null if it could
 */
record PageStart(PagePosition position, @Nullable Gap gap, @Nullable ResetReason reset) {
    /**
     * Records that are gone.
     *
     * @param from the first offset
     * @param to the offset after the last
     */
    record Gap(long from, long to) {}

    /** The leader epoch that must be asked for to resolve a start; {@link Cursor#NO_EPOCH} for none. */
    static int epochToAsk(Start start) {
        return start instanceof Start.At at ? at.leaderEpoch() : Cursor.NO_EPOCH;
    }

    /**
     * Holds a start against the log.
     *
     * @param facts of the partition, told by one leader together with {@code end}
     * @param end of the partition, and of {@link #epochToAsk}
     */
    static PageStart of(Start start, PartitionFacts facts, LogEnd end) {
        return switch (start) {
            case Start.Live live -> at(facts.head(), Cursor.NO_EPOCH);
            case Start.Earliest earliest -> at(facts.logStart(), Cursor.NO_EPOCH);
            case Start.At at
            when !at.generation().equals(facts.generation()) ->
                reset(facts.logStart(), Cursor.NO_EPOCH, ResetReason.OTHER_GENERATION);
            case Start.At at
            when at.offset() < facts.logStart() ->
                new PageStart(
                        new PagePosition(facts.logStart(), Cursor.NO_EPOCH),
                        new Gap(at.offset(), facts.logStart()),
                        null);
            case Start.At at
            when at.offset() == facts.logStart() ->
                // Nothing before it is left to be compared.
                at(at.offset(), at.leaderEpoch());
            case Start.At at -> within(at, facts, end);
        };
    }

    private static PageStart within(Start.At at, PartitionFacts facts, LogEnd end) {
        int epoch = at.leaderEpoch();
        boolean comparable = epoch != Cursor.NO_EPOCH && end.leaderEpoch() != Cursor.NO_EPOCH;
        if (comparable && epoch > end.leaderEpoch()) {
            return reset(facts.logStart(), Cursor.NO_EPOCH, ResetReason.TRUNCATED);
        }
        if (!comparable || epoch == end.leaderEpoch() || end.foundEpoch() == Cursor.NO_EPOCH) {
            return at.offset() <= end.offset()
                    ? at(at.offset(), epoch)
                    : reset(facts.head(), Cursor.NO_EPOCH, ResetReason.BEYOND_END);
        }
        if (end.foundEpoch() != epoch) {
            // The log has none of the epoch's records: where it has parted from what was read is not known.
            return reset(facts.logStart(), Cursor.NO_EPOCH, ResetReason.TRUNCATED);
        }
        return at.offset() <= end.epochEnd()
                ? at(at.offset(), epoch)
                : reset(end.epochEnd(), epoch, ResetReason.TRUNCATED);
    }

    private static PageStart at(long offset, int epoch) {
        return new PageStart(new PagePosition(offset, epoch), null, null);
    }

    private static PageStart reset(long offset, int epoch, ResetReason reason) {
        return new PageStart(new PagePosition(offset, epoch), null, reason);
    }
}
