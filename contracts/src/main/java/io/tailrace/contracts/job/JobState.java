package io.tailrace.contracts.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a job stands. The last three are final, but for an operator who retries a dead or a cancelled job. */
public enum JobState {
    /** Its time has not come. */
    SCHEDULED,
    /** It may run, and waits for its turn, or for a worker that takes it. */
    READY,
    /** A worker runs an attempt of it, under a lease. */
    RUNNING,
    /** Its last attempt failed, and the next one has a time. */
    RETRYING,
    /** An attempt succeeded. */
    SUCCEEDED,
    /** It failed for good: by an error that no attempt can cure, or in its last attempt. */
    DEAD,
    /** Somebody cancelled it. */
    CANCELLED;

    /** The name as on the wire, for example {@code ready}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing more happens to the job by itself. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == DEAD || this == CANCELLED;
    }

    /** The state of that label; empty if there is none. */
    public static Optional<JobState> parse(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label().equals(label))
                .findFirst();
    }
}
