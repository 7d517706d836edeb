package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch._types.query_dsl.QueryBuilders;
import co.elastic.clients.elasticsearch._types.query_dsl.SpanQuery;
import io.tailrace.search.document.Folding;
import io.tailrace.search.document.Grams;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchField;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Patterns with {@code *} and {@code ?} over whole values, in the way that an index offers. Pure. */
final class PartQuery {
    private static final int ASCII = 0x80;

    private PartQuery() {}

    /**
     * A query for values that match a pattern from end to end; every match scores {@code boost}.
     *
     * @param field one with parts
     * @param pattern {@code *} for any text, {@code ?} for one character, a backslash before what is meant literally
     * @param fold whether case, marks and what else {@link Folding} takes off make no difference
     */
    static Query of(SearchField field, String pattern, boolean fold, PartStyle style, float boost) {
        return QueryBuilders.constantScore(
                constant -> constant.boost(boost).filter(filter(field, pattern, fold, style)));
    }

    /** A text as a pattern that stands for itself, anywhere in a value: people who type a star mean a star. */
    static String anywhere(String text) {
        return "*" + escaped(text) + "*";
    }

    private static Query filter(SearchField field, String pattern, boolean fold, PartStyle style) {
        // What has no letters has no case, and is found in any form; in both styles.
        return fold || hasOnlyPlainSigns(pattern)
                ? folded(field, folded(pattern), style)
                : asItIsWritten(field, pattern, style);
    }

    private static Query folded(SearchField field, String pattern, PartStyle style) {
        Query check = QueryBuilders.wildcard(
                wildcard -> wildcard.field(field.foldedParts()).value(pattern));
        if (style == PartStyle.WILDCARD) {
            return check;
        }
        List<String> runs = literals(pattern);
        return isOneText(pattern, runs) ? within(field.grams(), runs.getFirst()) : narrowed(field, runs, check);
    }

    private static Query asItIsWritten(SearchField field, String pattern, PartStyle style) {
        Query check =
                QueryBuilders.wildcard(wildcard -> wildcard.field(field.parts()).value(pattern));
        if (style == PartStyle.WILDCARD) {
            return check;
        }
        List<String> runs = literals(pattern);
        if (isOneText(pattern, runs) && field.casedGrams().isPresent()) {
            return inItsCase(field.grams(), field.casedGrams().get(), runs.getFirst());
        }
        return narrowed(field, runs.stream().map(Folding::sure).toList(), check);
    }

    private static boolean isOneText(String pattern, List<String> runs) {
        return runs.size() == 1 && pattern.equals(anywhere(runs.getFirst()));
    }

    /** What has the pieces of folded texts, and is then checked. */
    private static Query narrowed(SearchField field, List<String> texts, Query check) {
        Set<String> grams = new LinkedHashSet<>();
        texts.forEach(text -> grams.addAll(Grams.required(text)));
        if (grams.isEmpty()) {
            return check;
        }
        BoolQuery.Builder all = new BoolQuery.Builder();
        grams.forEach(gram -> all.filter(piece(field.grams(), gram)));
        return all.filter(check).build()._toQuery();
    }

    /** Values that folding changes have their pieces in another column as well; the others are as they are folded. */
    private static Query inItsCase(String column, String casedColumn, String text) {
        Query cased = within(casedColumn, text);
        if (!Folding.of(text).equals(text)) {
            return cased;
        }
        Query isChanged = Query.of(has -> has.exists(exists -> exists.field(casedColumn)));
        Query small = Query.of(
                has -> has.bool(plain -> plain.filter(within(column, text)).mustNot(isChanged)));
        return Query.of(either -> either.bool(bool -> bool.should(cased).should(small)));
    }

    private static boolean hasOnlyPlainSigns(String pattern) {
        return pattern.chars().allMatch(c -> c < ASCII && !Character.isLetter(c))
                && !literals(pattern).isEmpty();
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

    /** A pattern whose literal stretches are folded. */
    static String folded(String pattern) {
        StringBuilder folded = new StringBuilder();
        for (String piece : pieces(pattern)) {
            folded.append(isWildcard(piece) ? piece : escaped(Folding.of(unescaped(piece))));
        }
        return folded.toString();
    }

    /** The stretches of a pattern that stand for themselves. */
    static List<String> literals(String pattern) {
        return pieces(pattern).stream()
                .filter(piece -> !isWildcard(piece))
                .map(PartQuery::unescaped)
                .toList();
    }

    /** A pattern's stars and question marks, and the stretches between them with their backslashes. */
    private static List<String> pieces(String pattern) {
        List<String> pieces = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '*' || c == '?') {
                if (!run.isEmpty()) {
                    pieces.add(run.toString());
                    run.setLength(0);
                }
                pieces.add(String.valueOf(c));
            } else {
                run.append(c);
                if (c == '\\' && i + 1 < pattern.length()) {
                    run.append(pattern.charAt(++i));
                }
            }
        }
        if (!run.isEmpty()) {
            pieces.add(run.toString());
        }
        return pieces;
    }

    private static boolean isWildcard(String piece) {
        return piece.equals("*") || piece.equals("?");
    }

    private static String unescaped(String run) {
        StringBuilder text = new StringBuilder(run.length());
        for (int i = 0; i < run.length(); i++) {
            // A backslash at the very end stands for itself, as in Lucene.
            boolean escapes = run.charAt(i) == '\\' && i + 1 < run.length();
            text.append(run.charAt(escapes ? ++i : i));
        }
        return text.toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
    }
}
