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
    /** The states. Those with a text are faults, because databases would differ from each other. */
    enum State {
        APPLIED("applied", ""),
        PENDING("pending", ""),
        /** Somebody declared a database as being at this file or a later one ({@code flyway baseline}). */
        BASELINE("baseline", ""),
        /** A newer version of the folder was applied here; this one has no such file yet, or no more after a way back. */
        NEWER("newer", ""),
        /** The history of a database that holds other tables begins at 0, so this file would be pending for ever. */
        ZERO("number 0", "numbers begin with 1; give it a number that no other file has"),
        CHANGED("changed", "it was changed after it was applied; undo the change and write a new file"),
        MISSING("missing", "it was applied to this database, but the file is gone"),
        SKIPPED("skipped", "a file with a higher number is applied already; give it the next number"),
        FAILED(
                "failed",
                "it failed half-way outside a transaction: undo by hand what its statements did (an index that was"
                        + " built concurrently is left behind, invalid: drop it), mend the file, and run: %s repair,"
                        + " then up");

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

    /** Whether there is nothing to do for it. */
    boolean isCurrent() {
        return state == State.APPLIED || state == State.BASELINE || state == State.NEWER;
    }

    /**
     * What is wrong, and what to do.
     *
     * @param command the command line up to the name of the folder, {@code ./tailrace migrate -dir migrations}
     */
    String fault(String command) {
        return file + ": " + state.fault.replace("%s", command);
    }
}
