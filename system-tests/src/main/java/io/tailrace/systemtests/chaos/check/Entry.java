package io.tailrace.systemtests.chaos.check;

import java.util.List;
import java.util.Set;

/** One line of a client's record, in the order in which the client did or saw it. */
public sealed interface Entry {
    /** Where a channel starts when its stream did not say. */
    long UNKNOWN = -1;

    /**
     * Where a channel starts, as the stream told it.
     *
     * @param channel the channel
     * @param at {@code live}, {@code earliest}, {@code offset} or {@code pending}
     * @param offset of its partition, or {@link #UNKNOWN}
     */
    record Started(String channel, String at, long offset) {}

    /**
     * The client asked for a stream.
     *
     * @param channels what it asked for
     * @param granted what its token allows
     */
    record Asked(Set<String> channels, Set<String> granted) implements Entry {}

    /**
     * The client gave an open stream a token.
     *
     * @param granted what it allows
     * @param dropped channels that the stream is to lose, because they are removed or no longer allowed
     */
    record Changing(Set<String> granted, Set<String> dropped) implements Entry {}

    /** {@code stream.open}. */
    record Opened(List<Started> channels) implements Entry {}

    /** An event. */
    record Event(String channel, String id) implements Entry {}

    /** {@code stream.gap}. */
    record Gap(List<String> channels, long from, long to) implements Entry {}

    /** {@code stream.reset}, or a start that names one. */
    record Reset(String reason) implements Entry {}

    /** {@code stream.channels}. */
    record Changed(List<Started> added, List<String> removed, List<String> refused, List<Started> available)
            implements Entry {}

    /** Part of {@code stream.channels}: what was not done for now, and may be asked for again. */
    record Postponed(List<String> channels) implements Entry {}

    /** The stream ended: its last word, or how the connection broke. */
    record Ended(String why) implements Entry {}

    /** The stream said something that the protocol does not have. */
    record Nonsense(String what) implements Entry {}
}
