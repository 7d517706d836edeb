package io.tailrace.ingest.decision;

/**
 * What became of a command within the time that its sender would wait.
 *
 * @param <D> the type of its decisions
 */
public sealed interface CommandOutcome<D> {
    /**
     * It was decided.
     *
     * @param decision as the log has it
     */
    record Decided<D>(D decision) implements CommandOutcome<D> {}

    /** It is in the log and will be decided. */
    record Undecided<D>() implements CommandOutcome<D> {}

    /** The log did not acknowledge it. It may be there nevertheless. */
    record Unacknowledged<D>() implements CommandOutcome<D> {}
}
