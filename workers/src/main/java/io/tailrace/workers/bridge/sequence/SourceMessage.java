package io.tailrace.workers.bridge.sequence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a source: one {@code WatchResponse}.
 *
 * @param sequence its number; of the first message of a call either a number of its own or that of the message behind which the call goes on, 0 for none
 * @param cursor where to go on behind it; empty if it has none
 * @param conflated how many states the source has passed over before it
 * @param event what it says
 */
public record SourceMessage(long sequence, String cursor, long conflated, Event event) {
    /** What a message says. */
    public sealed interface Event {}

    /**
     * The first message of each call.
     *
     * @param epoch names the numbering
     * @param resumed whether the call goes on behind the cursor of the request
     * @param unit the unit of the metric's values; null if it has none
     */
    public record Started(String epoch, boolean resumed, @Nullable String unit) implements Event {}

    /**
     * A reading, or the latest one of a window.
     *
     * @param at when it was read
     */
    public record Point(Instant at, double value) implements Event {}

    /** Nothing was read for a while, which is no loss. */
    public record Silence() implements Event {}

    /** The history has been told. */
    public record CaughtUp() implements Event {}

    /**
     * The source knows that something is missing.
     *
     * @param first the first number that is missing; 0 if that is not known
     * @param last the last one, likewise
     */
    public record Gap(long first, long last, @Nullable Instant from, @Nullable Instant to, String reason)
            implements Event {}
}
