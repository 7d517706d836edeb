package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.tailrace.search.document.SearchIndex;

/** What a person typed, as a query: a part of a value, or words of which the last may be the beginning of one. Pure. */
final class TextQuery {
    private TextQuery() {}

    /**
     * The query.
     *
     * @param text not blank, of bounded length: its cost grows with it
     */
    static Query of(SearchIndex index, String text) {
        BoolQuery.Builder any = new BoolQuery.Builder().minimumShouldMatch("1");
        String pattern = "*" + literal(text) + "*";
        for (String field : index.partFields()) {
            any.should(part -> part.wildcard(
                    wildcard -> wildcard.field(field).value(pattern).caseInsensitive(true)));
        }
        for (String field : index.wordFields()) {
            any.should(words -> words.matchBoolPrefix(
                    match -> match.field(field).query(text).operator(Operator.And)));
        }
        return any.build()._toQuery();
    }

    /** People who type a star mean a star. */
    private static String literal(String text) {
        return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
    }
}
