package io.tailrace.ingest.upload;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which part of a content a request wants (RFC 9110, section 14). Pure. */
sealed interface ByteRange {
    /** All of it: no range was wanted, several were, or what was wanted is no range of bytes. */
    record Whole() implements ByteRange {}

    /**
     * A part.
     *
     * @param from the first byte
     * @param to the last byte
     */
    record Part(long from, long to) implements ByteRange {
        long length() {
            return to - from + 1;
        }
    }

    /** There are no such bytes. */
    record Unsatisfiable() implements ByteRange {}

    /** No more digits than fit in a number. */
    Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * Reads the field {@code Range}.
     *
     * @param size of the content, in bytes; at least 1
     */
    static ByteRange parse(@Nullable String field, long size) {
        Matcher range = SINGLE.matcher(field == null ? "" : field.replace(" ", ""));
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return new Whole();
        }
        if (range.group(1).isEmpty()) {
            long last = Long.parseLong(range.group(2));
            return last == 0 ? new Unsatisfiable() : new Part(Math.max(0, size - last), size - 1);
        }
        long from = Long.parseLong(range.group(1));
        long to = range.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(range.group(2)), size - 1);
        if (from >= size) {
            return new Unsatisfiable();
        }
        return from > to ? new Whole() : new Part(from, to);
    }
}
