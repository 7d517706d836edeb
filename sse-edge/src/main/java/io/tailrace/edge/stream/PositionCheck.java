package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.window.Batch;

/** What a position of a partition's generation is worth in its log. */
sealed interface PositionCheck {
    /** What lies before it is in the log as it was read. */
    record Valid() implements PositionCheck {}

    /** Nobody here knows: a broker must say where the log ends, and {@code epoch} if it is known and over. */
    record Unknown(int epoch) implements PositionCheck {}

    /** What was read is in the log up to {@code offset}, whose last record has {@code epoch}. */
    record CutAt(long offset, int epoch) implements PositionCheck {}

    /** Of what was read, it is not known how much is still in the log. */
    record Cut() implements PositionCheck {}

    /** Holds a position against the window and against what brokers have said of the log. */
    static PositionCheck of(long offset, int epoch, PartitionView view) {
        if (offset <= view.logStart) {
            // Nothing before it is left to be compared.
            return new Valid();
        }
        int headEpoch = view.headEpoch();
        if (epoch == Cursor.NO_EPOCH || headEpoch == Cursor.NO_EPOCH || epoch == headEpoch) {
            return offset <= view.head() ? new Valid() : new Unknown(epoch);
        }
        return ofOther(offset, epoch, view);
    }

    /** The same for one of another epoch than the head's, from what is known already. */
    static PositionCheck ofOther(long offset, int epoch, PartitionView view) {
        Batch before = view.window.find(offset - 1);
        if (before != null && before.leaderEpoch() == epoch) {
            return new Valid();
        }
        EpochBook.End end = view.epochs.find(epoch, view.headEpoch());
        if (end == null) {
            return new Unknown(epoch);
        }
        if (end.epoch() == Cursor.NO_EPOCH || (end.epoch() == epoch && offset <= end.offset())) {
            return new Valid();
        }
        // A log has an epoch's records in the order of its one leader: two that have some of them have them from the
        // first
        // on. Of a log that has none of them it is not known where it has parted from what was read.
        return end.epoch() == epoch ? new CutAt(end.offset(), epoch) : new Cut();
    }
}
