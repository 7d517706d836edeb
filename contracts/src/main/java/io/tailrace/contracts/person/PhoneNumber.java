package io.tailrace.contracts.person;

import java.util.Optional;

/**
 * A phone number as people write it: {@code +49 30 123456}, {@code (555) 123-4567}, {@code 030/123456}, with spaces and
 * dashes of every kind, and in the digits of any script. Registration and search read it here, so that what the one takes
 * the other finds. Immutable.
 *
 * @param written the number as it was written, with ASCII digits, spaces and dashes, and without invisible characters such
 *     as those that an address book copies along
 * @param digits its digits alone, 0 to 9
 */
public record PhoneNumber(String written, String digits) {
    /** Fewer digits are no number that others could call. */
    public static final int MIN_DIGITS = 7;

    /** The most digits of a number (ITU-T E.164). */
    public static final int MAX_DIGITS = 15;

    /** Of a written number, in characters. */
    private static final int MAX_WRITTEN = 40;

    /** What stands between digits, once it is written in ASCII. */
    private static final String SEPARATORS = " -./()";

    /** Reads a number; empty if it is none. */
    public static Optional<PhoneNumber> parse(String text) {
        String written = plain(text).strip();
        String digits = digits(written);
        if (digits.length() < MIN_DIGITS || digits.length() > MAX_DIGITS || written.length() > MAX_WRITTEN) {
            return Optional.empty();
        }
        int last = written.charAt(written.length() - 1);
        boolean ends = isDigit(last) || last == ')';
        return ends && isPart(written) && begins(written)
                ? Optional.of(new PhoneNumber(written, digits))
                : Optional.empty();
    }

    /**
     * The digits of what may be a part of a number, however it is written; empty if it cannot be one.
     *
     * @param text of any length
     */
    public static String digitsOfPart(String text) {
        String plain = plain(text);
        return isPart(plain) ? digits(plain) : "";
    }

    /** The decimal digits of a text, of any script, as 0 to 9. */
    public static String digits(String text) {
        StringBuilder digits = new StringBuilder(text.length());
        text.codePoints().filter(Character::isDigit).forEach(c -> digits.append((char) ('0' + Character.digit(c, 10))));
        return digits.toString();
    }

    /** A plus sign stands before all digits, or nowhere. */
    private static boolean begins(String written) {
        int at = 0;
        while (!isDigit(written.charAt(at))) {
            at++;
        }
        String before = written.substring(0, at);
        return written.indexOf('+', at) < 0 && before.matches("[+(]?|\\(\\+|\\+ ?\\(");
    }

    private static boolean isPart(String plain) {
        return plain.chars().allMatch(c -> isDigit(c) || c == '+' || SEPARATORS.indexOf(c) >= 0);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** With ASCII digits, spaces, dashes and signs, wherever there are others for the same. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.DECIMAL_DIGIT_NUMBER -> plain.append((char) ('0' + Character.digit(c, 10)));
                case Character.SPACE_SEPARATOR -> plain.append(' ');
                case Character.DASH_PUNCTUATION -> plain.append('-');
                case Character.FORMAT -> {
                    // Marks of direction, soft hyphens, joiners: nobody sees them.
                }
                default -> plain.appendCodePoint(ascii(c));
            }
        });
        return plain.toString();
    }

    /** The full-width forms of ASCII, and signs that look like one of a phone number's. */
    private static int ascii(int c) {
        if (c > 0xFF00 && c < 0xFF5F) {
            return c - 0xFF00 + ' ';
        }
        return switch (c) {
            case 0x2212 -> '-';
            case 0x2044, 0x2215 -> '/';
            case 0x00B7, 0x2024 -> '.';
            default -> c;
        };
    }
}
