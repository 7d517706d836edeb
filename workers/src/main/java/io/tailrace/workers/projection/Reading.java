package io.tailrace.workers.projection;

/**
 * What a projection made of a record.
 *
 * @param <C> the projection's changes
 */
public sealed interface Reading<C> {
    /**
     * The record changes a row.
     *
     * @param change how
     */
    record Changes<C>(C change) implements Reading<C> {}

    /** The record is of no concern to this projection, for example of a type that came with a later version. */
    record Ignored<C>() implements Reading<C> {}

    /**
     * The record cannot be used, now or ever. It goes to the dead letters and the projection goes on.
     *
     * @param reason what is wrong, for a person; names the field and what was expected
     */
    record Poison<C>(String reason) implements Reading<C> {}
}
