package io.tailrace.ingest.input;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a text of a request may hold. Every method gives what is wrong in words, or null. Pure. */
public final class Texts {
    private static final int SHOWN = 60;
    private static final String BLANK = "\u115f\u1160\u3164\uffa0\u2800";

    private Texts() {}

    /**
     * What is wrong with a text of one line.
     *
     * @param maxLength in characters (code points)
     */
    public static @Nullable String lineFault(@Nullable String text, int maxLength) {
        return fault(text, maxLength, false);
    }

    /**
     * What is wrong with a text that may have lines and tabs.
     *
     * @param maxLength in characters (code points)
     */
    public static @Nullable String linesFault(@Nullable String text, int maxLength) {
        return fault(text, maxLength, true);
    }

    private static @Nullable String fault(@Nullable String text, int maxLength, boolean lines) {
        String expected = "expected 1 to " + maxLength + " characters without control characters"
                + (lines ? " other than line breaks and tabs" : "");
        if (text == null) {
            return "is missing, " + expected;
        }
        int length = text.codePointCount(0, text.length());
        boolean visible = text.codePoints().anyMatch(Texts::isVisible);
        if (!visible || length > maxLength) {
            return shown(text) + " has " + length + " characters" + (visible ? "" : ", none visible") + ", " + expected;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowedBreak = lines && (c == '\n' || c == '\r' || c == '\t');
            if (Character.isISOControl(c) && !allowedBreak) {
                return String.format(
                        Locale.ROOT, "%s has the control character U+%04X, %s", shown(text), (int) c, expected);
            }
            if (isHalfPair(text, i)) {
                return shown(text) + " has half a surrogate pair, " + expected;
            }
        }
        return null;
    }

    /**
     * Whether there is something to see. A combining mark is nothing by itself, and a few letters and a symbol are blank
     * (fillers of Hangul, the empty pattern of Braille).
     */
    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.FORMAT -> false;
            default -> !Character.isWhitespace(c) && !Character.isSpaceChar(c) && BLANK.indexOf(c) < 0;
        };
    }

    /** Half a surrogate pair has no UTF-8, so it could be neither stored nor sent. */
    private static boolean isHalfPair(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    /** A value that a client sent, fit for an error: in quotes, printable, and not all of a long one. */
    public static String shown(String text) {
        StringBuilder out = new StringBuilder("\"");
        int end = Math.min(text.length(), SHOWN);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return out.append(end < text.length() ? "…\"" : "\"").toString();
    }
}
