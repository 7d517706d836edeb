package io.tailrace.kit.consume;

/**
 * A record as a copy of the log understands it.
 *
 * @param <C> the type of the copy's changes
 */
public sealed interface ParsedRecord<C> {
    /**
     * The record changes the copy.
     *
     * @param change what it changes
     */
    record Changes<C>(C change) implements ParsedRecord<C> {}

    /** The record changes nothing in this copy, for example because its type belongs to a later version. */
    record Ignored<C>() implements ParsedRecord<C> {}

    /**
     * The record can never be used. It goes to the dead letters, and the copy continues with the next record.
     *
     * @param reason what is wrong, for a person: the field and what was expected
     */
    record Poison<C>(String reason) implements ParsedRecord<C> {}
}
