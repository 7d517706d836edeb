package io.tailrace.projections.position;

import java.util.Map;

/** The outcome of applying a batch. If PostgreSQL is unavailable, applying throws an exception instead. */
public sealed interface Application {
    /** Rows and positions are committed. */
    record Applied() implements Application {}

    /**
     * Nothing is written: the database no longer has the positions that the batch began at. Somebody else owns a
     * partition now, or the projection was reset; read the positions again.
     */
    record Fenced() implements Application {}

    /**
     * Nothing is written: PostgreSQL cannot store some of the changes, now or ever.
     *
     * @param reasons why, by the change's index in the batch; not empty
     */
    record Refused(Map<Integer, String> reasons) implements Application {
        /** Copies the reasons. */
        public Refused {
            reasons = Map.copyOf(reasons);
        }
    }
}
