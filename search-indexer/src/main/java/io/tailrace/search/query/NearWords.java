package io.tailrace.search.query;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Words of a text that are what was typed but for typing errors, by the rule that the query has for them: one error from
 * three letters on, two from six, none in the first. An error is a letter too many, too few, wrong, or in the place of its
 * neighbour. Pure.
 *
 * <p>Elasticsearch can mark them, too, but builds an automaton of all mistakes for each document, which cost more than the
 * search.
 */
final class NearWords {
    /** Letters and digits, with apostrophes between them. Without groups, which Java repeats by recursion. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}'\u2019]*(?<!['\u2019])");

    private static final int ONE_ERROR_FROM = 3;
    private static final int TWO_ERRORS_FROM = 6;

    /** A word, and where it stands: from, and before which index. */
    record Word(String text, int from, int to) {}

    private NearWords() {}

    /** The words of a folded text, at most {@code most}. */
    static List<Word> words(String text, int most) {
        return WORD.matcher(text)
                .results()
                .limit(most)
                .map(word -> new Word(word.group(), word.start(), word.end()))
                .toList();
    }

    /** Those of the words that are nearest to what was typed; none if even they have more errors than are allowed. */
    static List<Word> nearest(String typed, List<Word> words) {
        int allowed = allowed(typed);
        List<Word> nearest = new ArrayList<>();
        for (Word word : words) {
            int errors = errors(typed, word.text(), allowed);
            if (errors < allowed) {
                allowed = errors;
                nearest.clear();
            }
            if (errors <= allowed) {
                nearest.add(word);
            }
        }
        return nearest;
    }

    private static int allowed(String typed) {
        int letters = typed.codePointCount(0, typed.length());
        return letters >= TWO_ERRORS_FROM ? 2 : letters >= ONE_ERROR_FROM ? 1 : 0;
    }

    /** The optimal string alignment distance; {@code allowed + 1} if it is more than {@code allowed}. */
    static int errors(String typed, String word, int allowed) {
        if (typed.equals(word)) {
            return 0;
        }
        if (allowed == 0
                || Math.abs(typed.length() - word.length()) > 2 * allowed
                || typed.codePointAt(0) != word.codePointAt(0)) {
            return allowed + 1;
        }
        int[] a = typed.codePoints().toArray();
        int[] b = word.codePoints().toArray();
        int[] beforeLast = new int[b.length + 1];
        int[] last = new int[b.length + 1];
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.length; j++) {
                int wrong = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.min(wrong, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            if (least > allowed + 1) {
                return allowed + 1;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return Math.min(last[b.length], allowed + 1);
    }
}
