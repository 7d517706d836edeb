package io.tailrace.ingest.seat;

import io.tailrace.contracts.seat.SeatEvents.DecisionMade;

/** What became of a command within the time that its sender would wait. */
sealed interface CommandOutcome {
    /**
     * It was decided.
     *
     * @param decision as the log has it
     */
    record Decided(DecisionMade decision) implements CommandOutcome {}

    /** It is in the log and will be decided. */
    record Undecided() implements CommandOutcome {}

    /** The log did not acknowledge it. It may be there nevertheless. */
    record Unacknowledged() implements CommandOutcome {}
}
