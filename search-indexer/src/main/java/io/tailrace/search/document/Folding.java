package io.tailrace.search.document;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.text.Normalizer2;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for a person who searches: a text without case (Unicode's full case folding), compatibility forms
 * (NFKC), marks, and strokes of letters; with ASCII digits, quotes and dashes. The one place where texts are folded:
 * documents when they are indexed, queries, and values in which the matches are marked. Pure and thread-safe.
 *
 * <p>A text is folded by segments, each a character with what combines with it (UAX 15), and a segment becomes the same
 * whatever stands around it. So a part of a text that begins and ends between segments is a part of the folded text, and
 * each folded character knows the characters that it stands for. A different result for any text needs another version of
 * the mappings ({@link SearchIndex#mappingVersion}), which is why the library's version is one, too.
 */
public final class Folding {
    private static final Normalizer2 CASE = Normalizer2.getNFKCCasefoldInstance();
    private static final Normalizer2 DECOMPOSED = Normalizer2.getNFDInstance();
    private static final Normalizer2 COMPOSED = Normalizer2.getNFCInstance();

    /**
     * The longest segment, in code points; whatever combines behind it is left off. Unicode's stream-safe format knows 30.
     * Marks are sorted, which for many of them takes as long as their square.
     */
    private static final int MAX_SEGMENT = 32;

    private static final int ASCII = 0x80;
    private static final int BMP = 0x10000;

    /** Segments of one character are most of them; computed once each, at most so many. */
    private static final AtomicReferenceArray<String> SINGLES = new AtomicReferenceArray<>(BMP);

    private static final int OVERLAY = 1;
    private static final int FIRST_FIXED = 10;
    private static final int LAST_FIXED = 36;
    private static final int FIRST_ATTACHED = 200;

    private Folding() {}

    /** The folded text. */
    public static String of(String text) {
        return fold(text, null);
    }

    /** The folded text, with where each of its characters comes from. */
    public static FoldedText withPlaces(String text) {
        FoldedText.Places places = new FoldedText.Places(text.length());
        return places.of(fold(text, places));
    }

    /**
     * The folded beginning of a part that is within the folding of every text that has this part within it: what may yet
     * combine with its neighbours is left off. Empty if nothing is sure.
     */
    public static String sure(String part) {
        if (part.isEmpty()) {
            return "";
        }
        int from = isBoundaryBefore(part.codePointAt(0)) ? 0 : end(part, 0);
        int last = from;
        for (int end = from; end < part.length(); ) {
            last = end;
            end = end(part, end);
        }
        // Whatever follows an ASCII character, the folding has that character.
        boolean whole = last < part.length() && last == part.length() - 1 && part.charAt(last) < ASCII;
        return of(part.substring(from, whole ? part.length() : last));
    }

    private static String fold(String text, FoldedText.@Nullable Places places) {
        StringBuilder folded = new StringBuilder(text.length() + 8);
        int length = text.length();
        for (int from = 0; from < length; ) {
            char c = text.charAt(from);
            int to = from + 1;
            if (c < ASCII && (to == length || text.charAt(to) < ASCII)) {
                folded.append((char) (c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c));
            } else {
                to = end(text, from);
                folded.append(to - from == 1 ? single(c) : segment(text, from, to));
            }
            if (places != null) {
                places.add(folded.length(), from, to);
            }
            from = to;
        }
        return folded.toString();
    }

    /** Where the segment ends that begins at an index. */
    private static int end(String text, int from) {
        int to = from + Character.charCount(text.codePointAt(from));
        while (to < text.length()) {
            int next = text.codePointAt(to);
            if (isBoundaryBefore(next)) {
                break;
            }
            to += Character.charCount(next);
        }
        return to;
    }

    private static boolean isBoundaryBefore(int c) {
        return c < ASCII || !isMark(c) && CASE.hasBoundaryBefore(c);
    }

    private static boolean isMark(int c) {
        int type = UCharacter.getType(c);
        return type == UCharacterCategory.NON_SPACING_MARK
                || type == UCharacterCategory.ENCLOSING_MARK
                || type == UCharacterCategory.COMBINING_SPACING_MARK;
    }

    private static String single(char c) {
        String known = SINGLES.get(c);
        if (known == null) {
            known = segment(String.valueOf(c));
            SINGLES.set(c, known);
        }
        return known;
    }

    private static String segment(String text, int from, int to) {
        int limit = text.codePointCount(from, to) > MAX_SEGMENT ? text.offsetByCodePoints(from, MAX_SEGMENT) : to;
        return segment(text.substring(from, limit));
    }

    private static String segment(String segment) {
        String decomposed = DECOMPOSED.normalize(CASE.normalize(segment));
        StringBuilder bare = new StringBuilder(decomposed.length());
        decomposed.codePoints().filter(c -> !isTakenOff(c)).forEach(c -> Letters.append(bare, c));
        // A mark that stands on nothing, or on a space, is all that there is to be found.
        String left = bare.length() < decomposed.length() && bare.toString().isBlank() ? decomposed : bare.toString();
        return COMPOSED.normalize(left);
    }

    /**
     * Accents, points and other marks beside a letter. Not those that make another syllable of it: signs of vowels, tones
     * of Thai and Lao, the nukta, the virama, the voicing of Kana; they have classes of their own, or none.
     */
    private static boolean isTakenOff(int c) {
        if (!isMark(c)) {
            return false;
        }
        int combining = UCharacter.getCombiningClass(c);
        return combining == OVERLAY
                || combining >= FIRST_FIXED && combining <= LAST_FIXED
                || combining >= FIRST_ATTACHED
                || UCharacter.getType(c) == UCharacterCategory.ENCLOSING_MARK;
    }
}
