package io.tailrace.search.index;

import java.util.Map;

/** What became of a batch. */
public sealed interface BulkOutcome {
    /**
     * It is in the index, apart from what can never be.
     *
     * @param refused why, by the change's index in the batch; empty if all is there
     */
    record Written(Map<Integer, String> refused) implements BulkOutcome {
        /** Copies the reasons. */
        public Written {
            refused = Map.copyOf(refused);
        }
    }

    /**
     * Some of it may be there; all of it is to be written again later, which does no harm.
     *
     * @param reason for a person
     */
    record Busy(String reason) implements BulkOutcome {}

    /** The index is not there any more. */
    record Gone() implements BulkOutcome {}
}
