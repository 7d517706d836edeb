package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.tailrace.contracts.person.PhoneNumber;
import io.tailrace.search.document.Folding;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchField;
import io.tailrace.search.document.SearchField.Kind;
import java.util.List;

/**
 * What a person typed, as a query. It finds the text as a part of a value; or values that together have all of its words,
 * each as a part of one, or nearly, with a typing error or two. Pure.
 *
 * @param text what was typed, of bounded length: its cost grows with it. It is kept folded, without spaces around it
 * @param fields where to look; all have parts
 */
record TextQuery(String text, List<SearchField> fields) {
    private static final float WHOLE_TEXT = 4;
    private static final float WORD_BEGINNINGS = 2;
    private static final float PART = 1;
    private static final float NEARLY = 0.3f;

    /** More words than these are looked for as words only. */
    private static final int MAX_WORDS = 8;

    /** The first letter is rarely the wrong one, and it bounds what a word may be mistaken for. */
    private static final int SURE_LETTERS = 1;

    private static final int MAX_MISTAKEN = 50;
    private static final int FEWEST_DIGITS = 2;

    /** Folds the text. */
    TextQuery {
        text = Folding.of(text).strip();
    }

    /** The words. */
    List<String> words() {
        return List.of(text.split("\\s+"));
    }

    /** The query. */
    Query query(PartStyle style) {
        BoolQuery.Builder any = new BoolQuery.Builder().minimumShouldMatch("1");
        List<String> words = words();
        // A single word is the whole text: to look for it once is half the work, and scores the same.
        boolean single = words.size() == 1;
        for (SearchField field : fields) {
            part(any, field, text, style, single ? WHOLE_TEXT + PART : WHOLE_TEXT);
            if (field.kind() == Kind.WORDS) {
                any.should(beginnings(field));
                if (single) {
                    any.should(nearly(field, text));
                }
            }
        }
        if (!single && allowsErrors()) {
            any.should(all -> all.bool(every -> {
                words.forEach(word -> every.must(word(word, style)));
                return every;
            }));
        }
        return any.build()._toQuery();
    }

    /** Whether words may have typing errors: a few words may. */
    boolean allowsErrors() {
        return words().size() <= MAX_WORDS;
    }

    private Query word(String word, PartStyle style) {
        BoolQuery.Builder any = new BoolQuery.Builder().minimumShouldMatch("1");
        for (SearchField field : fields) {
            part(any, field, word, style, PART);
            if (field.kind() == Kind.WORDS) {
                any.should(nearly(field, word));
            }
        }
        return any.build()._toQuery();
    }

    private static void part(BoolQuery.Builder any, SearchField field, String part, PartStyle style, float boost) {
        String wanted = field.kind() == Kind.DIGITS ? number(part) : part;
        if (!wanted.isEmpty()) {
            any.should(PartQuery.of(field, PartQuery.anywhere(wanted), true, style, boost));
        }
    }

    private Query beginnings(SearchField field) {
        return Query.of(query -> query.matchBoolPrefix(match ->
                match.field(field.folded()).query(text).operator(Operator.And).boost(WORD_BEGINNINGS)));
    }

    private static Query nearly(SearchField field, String words) {
        return Query.of(query -> query.match(match -> match.field(field.folded())
                .query(words)
                .operator(Operator.And)
                .fuzziness("AUTO")
                .prefixLength(SURE_LETTERS)
                .maxExpansions(MAX_MISTAKEN)
                .boost(NEARLY)));
    }

    /** The digits of what may be a part of a phone number, however it is written; empty if it cannot be one. */
    static String number(String text) {
        String digits = PhoneNumber.digitsOfPart(text);
        return digits.length() >= FEWEST_DIGITS ? digits : "";
    }
}
