package io.tailrace.workers.bridge.sequence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is to be written into the log, in this order. */
public sealed interface Copied {
    /** The name of the source's numbering. */
    String epoch();

    /**
     * A reading.
     *
     * @param sequence the number of its message
     * @param at when it was read
     */
    record Reading(String epoch, long sequence, Instant at, double value) implements Copied {}

    /**
     * Something that is missing.
     *
     * @param behind the number of the last message before it, which together with the numbering says which gap it is
     * @param first the first number that is missing; null if that is not known
     * @param last the last one, likewise
     * @param from the time of the last reading before it
     * @param to the time of the first one behind it
     */
    record Gap(
            String epoch,
            long behind,
            @Nullable Long first,
            @Nullable Long last,
            @Nullable Instant from,
            @Nullable Instant to,
            String reason)
            implements Copied {}
}
