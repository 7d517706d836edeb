package io.tailrace.search.query;

import io.tailrace.search.document.FoldedText;
import io.tailrace.search.document.Folding;
import io.tailrace.search.document.SearchField;
import io.tailrace.search.document.SearchField.Kind;
import io.tailrace.search.query.NearWords.Word;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Marks in a document what was searched for. A value is folded as it was when it was indexed, the matches are looked for in
 * that, and marked where they come from in the value. Pure.
 */
final class Highlights {
    /** What a person types has fewer words than this. */
    private static final int MAX_TYPED = 100;

    /** More words than a post has. */
    private static final int MAX_READ = 5_000;

    private Highlights() {}

    /** The marks of one document: for each field that has any, the value with its marks as {@link Fragment} shows it. */
    static Map<String, List<String>> of(TextQuery query, Map<String, Object> document) {
        Map<String, BitSet> marks = new LinkedHashMap<>();
        for (SearchField field : query.fields()) {
            if (document.get(field.source()) instanceof String value) {
                BitSet marked = marks.computeIfAbsent(field.source(), name -> new BitSet());
                if (field.kind() == Kind.DIGITS) {
                    markDigits(marked, value, TextQuery.number(query.text()));
                    query.words().forEach(word -> markDigits(marked, value, TextQuery.number(word)));
                } else {
                    FoldedText folded = Folding.withPlaces(value);
                    mark(marked, folded, query.text());
                    query.words().forEach(word -> mark(marked, folded, word));
                    if (field.kind() == Kind.WORDS) {
                        markWords(marked, folded, query);
                    }
                }
            }
        }
        Map<String, List<String>> highlights = new LinkedHashMap<>();
        marks.forEach((name, marked) -> {
            if (!marked.isEmpty()) {
                highlights.put(name, List.of(Fragment.of(String.valueOf(document.get(name)), marked)));
            }
        });
        return highlights;
    }

    private static void mark(BitSet marked, FoldedText value, String part) {
        String in = value.text();
        if (part.isEmpty()) {
            return;
        }
        for (int at = in.indexOf(part); at >= 0; at = in.indexOf(part, at + part.length())) {
            mark(marked, value, at, at + part.length());
        }
    }

    /** Marks what a stretch of the folded value comes from. */
    private static void mark(BitSet marked, FoldedText value, int from, int to) {
        marked.set(value.from(from), value.to(to - 1));
    }

    private static void markDigits(BitSet marked, String value, String digits) {
        if (digits.isEmpty()) {
            return;
        }
        int[] where = IntStream.iterate(0, i -> i < value.length(), i -> i + Character.charCount(value.codePointAt(i)))
                .filter(i -> Character.isDigit(value.codePointAt(i)))
                .toArray();
        StringBuilder all = new StringBuilder(where.length);
        for (int at : where) {
            all.append((char) ('0' + Character.digit(value.codePointAt(at), 10)));
        }
        for (int from = all.indexOf(digits); from >= 0; from = all.indexOf(digits, from + digits.length())) {
            int last = where[from + digits.length() - 1];
            marked.set(where[from], last + Character.charCount(value.codePointAt(last)));
        }
    }

    /** Words that begin with a word that was typed; or, if it stands nowhere in the value, those nearest to it. */
    private static void markWords(BitSet marked, FoldedText value, TextQuery query) {
        List<Word> words = NearWords.words(value.text(), MAX_READ);
        for (Word typed : NearWords.words(query.text(), MAX_TYPED)) {
            String text = typed.text();
            List<Word> begun =
                    words.stream().filter(word -> word.text().startsWith(text)).toList();
            begun.forEach(word -> mark(marked, value, word.from(), Math.min(word.to(), word.from() + text.length())));
            if (begun.isEmpty() && query.allowsErrors() && !value.text().contains(text)) {
                NearWords.nearest(text, words).forEach(word -> mark(marked, value, word.from(), word.to()));
            }
        }
    }
}
