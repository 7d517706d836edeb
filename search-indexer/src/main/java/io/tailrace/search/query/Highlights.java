package io.tailrace.search.query;

import io.tailrace.search.document.SearchField;
import io.tailrace.search.document.SearchField.Kind;
import io.tailrace.search.query.NearWords.Word;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Marks in a document what was searched for: {@code <em>} around it, everything else escaped, so that it can stand in a
 * page as it is. Of a long value only the surroundings of the first mark are given. Pure.
 */
final class Highlights {
    private static final int WHOLE_UP_TO = 200;
    private static final int BEFORE = 60;
    private static final int AFTER = 120;

    /** What a person types has fewer words than this. */
    private static final int MAX_TYPED = 100;

    /** A mark far behind what is shown would not be seen. */
    private static final int MAX_READ = 2_000;

    private Highlights() {}

    /** The marks of one document. */
    static Map<String, List<String>> of(TextQuery query, Map<String, Object> document) {
        Map<String, BitSet> marks = new LinkedHashMap<>();
        for (SearchField field : query.fields()) {
            if (document.get(field.source()) instanceof String value) {
                BitSet marked = marks.computeIfAbsent(field.source(), name -> new BitSet());
                if (field.kind() == Kind.DIGITS) {
                    markDigits(marked, value, TextQuery.number(query.text()));
                    query.words().forEach(word -> markDigits(marked, value, TextQuery.number(word)));
                } else {
                    mark(marked, value, query.text());
                    query.words().forEach(word -> mark(marked, value, word));
                }
                if (field.kind() == Kind.WORDS) {
                    markWords(marked, value, query);
                }
            }
        }
        Map<String, List<String>> highlights = new LinkedHashMap<>();
        marks.forEach((name, marked) -> {
            if (!marked.isEmpty()) {
                highlights.put(name, List.of(fragment(String.valueOf(document.get(name)), marked)));
            }
        });
        return highlights;
    }

    private static void mark(BitSet marked, String value, String part) {
        String in = value.toLowerCase(Locale.ROOT);
        String wanted = part.toLowerCase(Locale.ROOT);
        // A few letters change their length with their case; then nothing is marked rather than something else.
        if (in.length() == value.length() && !wanted.isEmpty()) {
            for (int at = in.indexOf(wanted); at >= 0; at = in.indexOf(wanted, at + wanted.length())) {
                marked.set(at, at + wanted.length());
            }
        }
    }

    private static void markDigits(BitSet marked, String value, String digits) {
        if (digits.isEmpty()) {
            return;
        }
        int[] at = value.chars().filter(c -> c >= '0' && c <= '9').toArray();
        int[] where = java.util.stream.IntStream.range(0, value.length())
                .filter(i -> value.charAt(i) >= '0' && value.charAt(i) <= '9')
                .toArray();
        String all = new String(at, 0, at.length);
        for (int from = all.indexOf(digits); from >= 0; from = all.indexOf(digits, from + digits.length())) {
            marked.set(where[from], where[from + digits.length() - 1] + 1);
        }
    }

    /** Words that begin with a word that was typed; or, if it stands nowhere in the value, those nearest to it. */
    private static void markWords(BitSet marked, String value, TextQuery query) {
        String in = value.toLowerCase(Locale.ROOT);
        List<Word> words = NearWords.words(value, MAX_READ);
        for (Word typed : NearWords.words(query.text(), MAX_TYPED)) {
            String text = typed.text();
            List<Word> begun =
                    words.stream().filter(word -> word.text().startsWith(text)).toList();
            begun.forEach(word -> marked.set(word.from(), Math.min(word.to(), word.from() + text.length())));
            if (begun.isEmpty() && query.allowsErrors() && !in.contains(text)) {
                NearWords.nearest(text, words).forEach(word -> marked.set(word.from(), word.to()));
            }
        }
    }

    private static String fragment(String value, BitSet marked) {
        int from = 0;
        int to = value.length();
        if (value.length() > WHOLE_UP_TO) {
            from = Math.max(0, marked.nextSetBit(0) - BEFORE);
            to = Math.min(value.length(), marked.nextSetBit(0) + AFTER);
        }
        StringBuilder text = new StringBuilder(from > 0 ? "…" : "");
        boolean inside = false;
        for (int i = from; i < to; i++) {
            if (marked.get(i) != inside) {
                inside = !inside;
                text.append(inside ? "<em>" : "</em>");
            }
            escape(text, value.charAt(i));
        }
        return text.append(inside ? "</em>" : "")
                .append(to < value.length() ? "…" : "")
                .toString();
    }

    private static void escape(StringBuilder text, char c) {
        switch (c) {
            case '<' -> text.append("&lt;");
            case '>' -> text.append("&gt;");
            case '&' -> text.append("&amp;");
            case '"' -> text.append("&quot;");
            case '\'' -> text.append("&#39;");
            default -> text.append(c);
        }
    }
}
