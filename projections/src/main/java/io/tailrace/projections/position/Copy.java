package io.tailrace.projections.position;

import io.tailrace.projections.projection.Projection;

/**
 * A projection and the rows that hold it.
 *
 * @param projection reads
 * @param rows writes
 * @param <C> the changes that go from one to the other
 */
public record Copy<C>(Projection<C> projection, Rows<C> rows) {
    /** The projection's name. */
    public String name() {
        return projection.name();
    }
}
