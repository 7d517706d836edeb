package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchIndex;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A search as it was asked for, checked.
 *
 * @param index what is searched
 * @param asked the question as JSON, the same for every page of it
 * @param query the query, in the way that the index offers
 * @param text what a person typed, for the marks; null if nobody did
 * @param everything whether it asks for all documents; then the newest come first
 * @param limit the most hits of one page
 * @param after the end of the page before, or null for the first one
 */
record Question(
        SearchIndex index,
        String asked,
        Function<PartStyle, Query> query,
        @Nullable TextQuery text,
        boolean everything,
        int limit,
        @Nullable PageCursor after) {
    /** What a cursor is bound to. */
    long fingerprint() {
        return fingerprint(index, asked);
    }

    /** What a cursor is bound to. */
    static long fingerprint(SearchIndex index, String asked) {
        return PageCursor.fingerprint(index.name() + " " + asked);
    }
}
