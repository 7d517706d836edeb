package io.tailrace.migrations;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a file and the database's memory of it stand to each other.
 *
 * @param file the file's name
 * @param state the state
 * @param appliedAt when it was applied, or null if it was not
 */
record FileStatus(String file, State state, @Nullable Instant appliedAt) {
    /** The states; all but the first two are faults, because databases would differ from each other. */
    enum State {
        APPLIED("applied", ""),
        PENDING("pending", ""),
        CHANGED("changed", "it was changed after it was applied; undo the change and write a new file"),
        MISSING("missing", "it was applied to this database, but the file is gone"),
        SKIPPED("skipped", "a file with a higher number is applied already; give it the next number"),
        FAILED("failed", "it failed half-way outside a transaction; mend the database by hand");

        private final String label;
        private final String fault;

        State(String label, String fault) {
            this.label = label;
            this.fault = fault;
        }

        String label() {
            return label;
        }
    }

    boolean isFault() {
        return !state.fault.isEmpty();
    }

    String fault() {
        return file + ": " + state.fault;
    }
}
