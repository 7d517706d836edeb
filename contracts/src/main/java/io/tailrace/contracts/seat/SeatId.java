package io.tailrace.contracts.seat;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One seat of a show: {@code SECTION-ROW-NUMBER}, for example {@code A-1-12}. A row and a number have no leading zero, so
 * that a seat has one name.
 *
 * @param section the section's name
 * @param row from 1
 * @param number from 1
 */
public record SeatId(String section, int row, int number) {
    private static final Pattern GRAMMAR = Pattern.compile("([A-Za-z0-9]{1,16})-([1-9][0-9]{0,3})-([1-9][0-9]{0,3})");

    /** Reads a seat's name; empty if it is not one. */
    public static Optional<SeatId> parse(String text) {
        Matcher matcher = GRAMMAR.matcher(text);
        return matcher.matches()
                ? Optional.of(new SeatId(
                        matcher.group(1), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))))
                : Optional.empty();
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
