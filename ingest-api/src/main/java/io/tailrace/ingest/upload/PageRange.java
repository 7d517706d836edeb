package io.tailrace.ingest.upload;

import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a text.
 *
 * @param first from 1
 * @param last not before the first
 */
record PageRange(int first, int last) {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");

    /**
     * Reads the parameter {@code page}: a number, or two with a hyphen between them.
     *
     * @param text what the client sent; null for all pages
     * @throws ProblemException 400 if it is neither
     */
    static PageRange parse(@Nullable String text) {
        if (text == null) {
            return new PageRange(1, Integer.MAX_VALUE);
        }
        Matcher found = RANGE.matcher(text);
        if (found.matches()) {
            int first = Integer.parseInt(found.group(1));
            int last = found.group(2) == null ? first : Integer.parseInt(found.group(2));
            if (first >= 1 && last >= first) {
                return new PageRange(first, last);
            }
        }
        throw ProblemException.invalid(
                "page",
                Texts.shown(text) + ", expected a number from 1, or two with a hyphen between them, such as 2-5");
    }
}
