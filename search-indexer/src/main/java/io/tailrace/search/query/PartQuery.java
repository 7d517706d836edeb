package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch._types.query_dsl.QueryBuilders;
import co.elastic.clients.elasticsearch._types.query_dsl.SpanQuery;
import io.tailrace.search.document.Grams;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchField;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Patterns with {@code *} and {@code ?} over whole values, in the way that an index offers. Pure. */
final class PartQuery {
    private PartQuery() {}

    /**
     * A query for values that match a pattern from end to end; every match scores {@code boost}.
     *
     * @param field one with parts
     * @param pattern {@code *} for any text, {@code ?} for one character, a backslash before what is meant literally
     * @param ignoreCase of ASCII letters
     */
    static Query of(SearchField field, String pattern, boolean ignoreCase, PartStyle style, float boost) {
        return QueryBuilders.constantScore(
                constant -> constant.boost(boost).filter(filter(field, pattern, ignoreCase, style)));
    }

    /** A text as a pattern that stands for itself, anywhere in a value: people who type a star mean a star. */
    static String anywhere(String text) {
        return "*" + text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?") + "*";
    }

    private static Query filter(SearchField field, String pattern, boolean ignoreCase, PartStyle style) {
        Query check = QueryBuilders.wildcard(
                wildcard -> wildcard.field(field.parts()).value(pattern).caseInsensitive(ignoreCase));
        if (style == PartStyle.WILDCARD) {
            return check;
        }
        List<String> runs = literals(pattern);
        if (runs.size() == 1 && pattern.equals(anywhere(runs.getFirst()))) {
            String text = runs.getFirst();
            if (ignoreCase || hasNoLetters(text)) {
                return within(field.grams(), Grams.folded(text));
            }
            if (field.casedGrams().isPresent()) {
                return inItsCase(field.grams(), field.casedGrams().get(), text);
            }
        }
        Set<String> grams = new LinkedHashSet<>();
        runs.forEach(run -> grams.addAll(Grams.required(Grams.folded(run))));
        if (grams.isEmpty()) {
            return check;
        }
        BoolQuery.Builder all = new BoolQuery.Builder();
        grams.forEach(gram -> all.filter(piece(field.grams(), gram)));
        return all.filter(check).build()._toQuery();
    }

    /** Values with capitals have their pieces in another column as well; the others are as they are without case. */
    private static Query inItsCase(String column, String casedColumn, String text) {
        Query cased = within(casedColumn, text);
        if (!Grams.folded(text).equals(text)) {
            return cased;
        }
        Query hasCapitals = Query.of(has -> has.exists(exists -> exists.field(casedColumn)));
        Query small = Query.of(
                has -> has.bool(plain -> plain.filter(within(column, text)).mustNot(hasCapitals)));
        return Query.of(either -> either.bool(bool -> bool.should(cased).should(small)));
    }

    private static boolean hasNoLetters(String text) {
        return text.chars().noneMatch(c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z');
    }

    /** Values that have a text within them: its pieces one after the other. */
    private static Query within(String column, String text) {
        List<String> phrase = Grams.phrase(text);
        if (phrase.size() < 2) {
            return piece(column, Grams.required(text).getFirst());
        }
        return QueryBuilders.spanNear(near -> near.inOrder(true)
                .slop(0)
                .clauses(phrase.stream()
                        .map(gram -> SpanQuery.of(
                                span -> span.spanTerm(term -> term.field(column).value(gram))))
                        .toList()));
    }

    private static Query piece(String column, String gram) {
        return Grams.isBeginning(gram)
                ? Query.of(piece -> piece.prefix(prefix -> prefix.field(column).value(gram)))
                : Query.of(piece -> piece.term(term -> term.field(column).value(gram)));
    }

    /** The stretches of a pattern that stand for themselves. */
    static List<String> literals(String pattern) {
        List<String> runs = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '*' || c == '?') {
                if (!run.isEmpty()) {
                    runs.add(run.toString());
                    run.setLength(0);
                }
            } else {
                // A backslash at the very end stands for itself, as in Lucene.
                boolean escapes = c == '\\' && i + 1 < pattern.length();
                run.append(escapes ? pattern.charAt(++i) : c);
            }
        }
        if (!run.isEmpty()) {
            runs.add(run.toString());
        }
        return runs;
    }
}
