package io.tailrace.contracts.text;

/**
 * The beginning of a text that somebody sent, for errors, logs and headers: valid Unicode, whatever the text is and wherever
 * it is cut. Half a surrogate pair is no character, and strict readers refuse an answer with one. Pure.
 */
public final class Excerpt {
    private static final char REPLACEMENT = '\ufffd';

    private Excerpt() {}

    /**
     * The text, or its beginning and an ellipsis.
     *
     * @param maxLength of what is left of a longer text, in UTF-16 units, without the ellipsis
     */
    public static String of(String text, int maxLength) {
        String beginning = beginning(text, maxLength);
        return text.length() > maxLength ? beginning + "…" : beginning;
    }

    /** The text, or as much of its beginning as has at most so many UTF-16 units and ends with a whole character. */
    public static String beginning(String text, int maxLength) {
        int end = Math.min(text.length(), maxLength);
        if (end > 0 && end < text.length() && Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end))) {
            end--;
        }
        StringBuilder whole = new StringBuilder(end);
        text.substring(0, end)
                .codePoints()
                .forEach(c -> whole.appendCodePoint(
                        c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c));
        return whole.toString();
    }
}
