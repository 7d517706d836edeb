package io.tailrace.contracts.seat;

import java.util.Optional;

/**
 * One seat of a show: {@code SECTION-ROW-NUMBER}, for example {@code A-1-12}. A row and a number have no leading zero, so
 * that a seat has one name.
 *
 * @param section the section's name
 * @param row from 1
 * @param number from 1
 */
public record SeatId(String section, int row, int number) {
    private static final int MAX_SECTION = 16;
    private static final int MAX_DIGITS = 4;

    /**
     * Reads a seat's name: {@code [A-Za-z0-9]{1,16}-[1-9][0-9]{0,3}-[1-9][0-9]{0,3}}; empty if it is not one. A loop and not
     * a pattern: every seat of every command comes by here.
     */
    public static Optional<SeatId> parse(String text) {
        int first = text.indexOf('-');
        int second = text.indexOf('-', first + 1);
        if (first < 1 || first > MAX_SECTION || second < 0) {
            return Optional.empty();
        }
        for (int i = 0; i < first; i++) {
            if (!isLetterOrDigit(text.charAt(i))) {
                return Optional.empty();
            }
        }
        int row = number(text, first + 1, second);
        int seat = number(text, second + 1, text.length());
        return row > 0 && seat > 0 ? Optional.of(new SeatId(text.substring(0, first), row, seat)) : Optional.empty();
    }

    /** The number between two indexes, or 0 if there is none from 1 to 9999 without a leading zero. */
    private static int number(String text, int from, int to) {
        if (to <= from || to > from + MAX_DIGITS || text.charAt(from) == '0') {
            return 0;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            number = 10 * number + (c - '0');
        }
        return number;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** Whether the section has this seat. */
    public boolean isIn(Section candidate) {
        return candidate.name().equals(section) && row <= candidate.rows() && number <= candidate.seatsPerRow();
    }

    @Override
    public String toString() {
        return section + "-" + row + "-" + number;
    }
}
