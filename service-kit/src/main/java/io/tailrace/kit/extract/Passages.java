package io.tailrace.kit.extract;

import java.util.ArrayList;
import java.util.List;

/** Cuts pages into passages of about 1,000 characters, which follow each other without a gap: together they are the page. Pure. */
public final class Passages {
    /** The longest passage, in UTF-16 units. */
    public static final int LONGEST = 1_200;

    /** A passage ends at the best place behind this one. */
    private static final int SHORTEST = 800;

    /** Where a passage ends best: behind an empty line, a line, a sentence, a word. */
    private static final List<String> ENDS = List.of("\n\n", "\n", ". ", " ");

    private Passages() {}

    /** The passages of a page; one that is empty for a page without text. */
    public static List<String> of(String page) {
        List<String> passages = new ArrayList<>();
        int from = 0;
        while (page.length() - from > LONGEST) {
            int to = end(page, from);
            passages.add(page.substring(from, to));
            from = to;
        }
        passages.add(page.substring(from));
        return passages;
    }

    private static int end(String page, int from) {
        for (String end : ENDS) {
            int at = page.lastIndexOf(end, from + LONGEST - end.length());
            if (at + end.length() > from + SHORTEST) {
                return at + end.length();
            }
        }
        int to = from + LONGEST;
        return Character.isHighSurrogate(page.charAt(to - 1)) ? to - 1 : to;
    }
}
