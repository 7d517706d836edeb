package io.tailrace.projections.show;

import io.tailrace.contracts.seat.Show;

/** What a record of {@code tailrace.shows} does to the table. */
public sealed interface ShowChange {
    /**
     * The show is there.
     *
     * @param show the show
     */
    record Put(Show show) implements ShowChange {}
}
