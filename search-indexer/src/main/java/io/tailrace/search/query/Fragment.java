package io.tailrace.search.query;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A value with marks as HTML: {@code <em>} around them, everything else escaped, so that it can stand in a page as it is.
 * Of a long value only the surroundings of the first mark are given. Neither a mark nor an end cuts what a person sees as one
 * character (a grapheme cluster, UAX 29): a letter and its accents, a flag, a family. Pure.
 */
final class Fragment {
    private static final int WHOLE_UP_TO = 200;
    private static final int BEFORE = 60;
    private static final int AFTER = 120;

    /** Below it, characters stand for themselves, but for a line's two ends. */
    private static final int FIRST_COMBINING = 0x300;

    /** Each use has a copy: iterators have a place. */
    private static final BreakIterator CHARACTERS = BreakIterator.getCharacterInstance(ULocale.ROOT);

    private Fragment() {}

    /** The HTML of a value of which at least one UTF-16 unit is marked. */
    static String of(String value, BitSet marked) {
        BreakIterator characters = null;
        if (!isSimple(value)) {
            characters = CHARACTERS.clone();
            characters.setText(value);
        }
        int from = 0;
        int to = value.length();
        if (value.length() > WHOLE_UP_TO) {
            from = before(characters, Math.max(0, marked.nextSetBit(0) - BEFORE));
            to = end(characters, Math.min(value.length(), marked.nextSetBit(0) + AFTER) - 1);
        }
        StringBuilder text = new StringBuilder(from > 0 ? "…" : "");
        boolean inside = false;
        for (int at = from; at < to; ) {
            int end = end(characters, at);
            int next = marked.nextSetBit(at);
            if ((next >= 0 && next < end) != inside) {
                inside = !inside;
                text.append(inside ? "<em>" : "</em>");
            }
            for (; at < end; at++) {
                escape(text, value.charAt(at));
            }
        }
        return text.append(inside ? "</em>" : "")
                .append(to < value.length() ? "…" : "")
                .toString();
    }

    private static boolean isSimple(String value) {
        return value.chars().allMatch(c -> c < FIRST_COMBINING && c != '\r');
    }

    /** Where the character begins that an index is in. */
    private static int before(@Nullable BreakIterator characters, int index) {
        return characters == null || characters.isBoundary(index) ? index : characters.preceding(index);
    }

    /** Where the character ends that an index is in. */
    private static int end(@Nullable BreakIterator characters, int index) {
        return characters == null ? index + 1 : characters.following(index);
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
