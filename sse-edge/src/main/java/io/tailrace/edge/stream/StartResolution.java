package io.tailrace.edge.stream;

import io.tailrace.edge.window.PartitionFacts;

/** What a wanted start comes to when it is held against the log. */
sealed interface StartResolution {
    /** It starts here. */
    record From(long offset) implements StartResolution {}

    /** Retention has deleted what is wanted first: it starts at {@code to}, and the client is told. */
    record Gap(long from, long to) implements StartResolution {}

    /**
     * It is beyond what this edge has seen, or of another generation. Another edge may have been faster, so a broker is
     * asked which generation there is and how far it reaches.
     */
    record Ask() implements StartResolution {}

    /**
     * Holds a start against the facts.
     *
     * @param start what is wanted
     * @param facts the partition now
     * @param servableFrom from here on everything can be served: {@code facts.logStart()}, or less while a window still
     *     has what retention has deleted
     */
    static StartResolution resolve(Start start, PartitionFacts facts, long servableFrom) {
        return switch (start) {
            case Start.Live live -> new From(facts.head());
            case Start.Earliest earliest -> new From(facts.logStart());
            case Start.At at -> {
                if (!at.generation().equals(facts.generation()) || at.offset() > facts.head()) {
                    yield new Ask();
                }
                yield at.offset() < servableFrom ? new Gap(at.offset(), servableFrom) : new From(at.offset());
            }
        };
    }
}
