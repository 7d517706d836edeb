package io.tailrace.kit.consume;

/**
 * What a copy of the log made of a record.
 *
 * @param <C> the changes of the copy
 */
public sealed interface Reading<C> {
    /**
     * The record changes something.
     *
     * @param change how
     */
    record Changes<C>(C change) implements Reading<C> {}

    /** The record is of no concern to this copy, for example of a type that came with a later version. */
    record Ignored<C>() implements Reading<C> {}

    /**
     * The record cannot be used, now or ever. It goes to the dead letters and the copying goes on.
     *
     * @param reason what is wrong, for a person; names the field and what was expected
     */
    record Poison<C>(String reason) implements Reading<C> {}
}
