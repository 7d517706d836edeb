package io.tailrace.search.document;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The pieces of three characters by which parts of values are found, and the last two and the last one of a value: so that
 * every part of fewer characters is the beginning of a piece. Pure.
 */
public final class Grams {
    /** The longest piece, in code points. */
    public static final int LONGEST = 3;

    /**
     * The most pieces of a value. A post has 5,000 characters unless that is set otherwise, and a few characters fold to
     * several; what stands behind is found by its words alone.
     */
    public static final int MAX_PIECES = 20_000;

    /** More pieces than these narrow a search no further. */
    private static final int MAX_REQUIRED = 16;

    private Grams() {}

    /** The piece that begins at each character of a value, in this order; of the first {@link #MAX_PIECES}. */
    public static List<String> of(String value) {
        int[] text = value.codePoints().limit(MAX_PIECES).toArray();
        return IntStream.range(0, text.length)
                .mapToObj(from -> new String(text, from, Math.min(LONGEST, text.length - from)))
                .toList();
    }

    /**
     * The pieces that follow one another in every value that has this text within it, and in no other value; empty if the
     * text is shorter than a piece.
     */
    public static List<String> phrase(String part) {
        int[] text = part.codePoints().toArray();
        return IntStream.rangeClosed(0, text.length - LONGEST)
                .mapToObj(from -> new String(text, from, LONGEST))
                .toList();
    }

    /**
     * Pieces that a value must have if it has this text within it, or, where {@link #isBeginning}, one that begins so; empty
     * for an empty text. Bounded.
     */
    public static List<String> required(String part) {
        int[] text = part.codePoints().toArray();
        if (text.length == 0) {
            return List.of();
        }
        if (text.length <= LONGEST) {
            return List.of(new String(text, 0, text.length));
        }
        int last = text.length - LONGEST;
        int step = Math.max(1, (last + MAX_REQUIRED - 1) / MAX_REQUIRED);
        List<Integer> starts = new ArrayList<>(
                IntStream.iterate(0, at -> at <= last, at -> at + step).boxed().toList());
        starts.add(last);
        return starts.stream()
                .map(at -> new String(text, at, LONGEST))
                .distinct()
                .collect(Collectors.toUnmodifiableList());
    }

    /** Whether a required piece stands for every piece that begins with it. */
    public static boolean isBeginning(String required) {
        return required.codePointCount(0, required.length()) < LONGEST;
    }
}
