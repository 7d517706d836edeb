package io.tailrace.search.query;

import io.tailrace.search.document.SearchIndex;
import java.util.List;

/**
 * The indexes that there are.
 *
 * @param all each of them
 */
public record Indexes(List<SearchIndex> all) {
    /** Copies the list. */
    public Indexes {
        all = List.copyOf(all);
    }
}
