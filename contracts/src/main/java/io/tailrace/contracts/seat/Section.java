package io.tailrace.contracts.seat;

import java.math.BigDecimal;

/**
 * A block of seats. Its seats are {@code NAME-ROW-NUMBER}, rows and numbers from 1.
 *
 * @param name 1 to 16 characters of {@code [A-Za-z0-9]}
 * @param rows 1 to 1,000
 * @param seatsPerRow 1 to 1,000
 * @param price per seat, at least 0
 */
public record Section(String name, int rows, int seatsPerRow, BigDecimal price) {
    /** The most rows, and the most seats in a row. */
    public static final int MAX_SIDE = 1000;

    /** Checks the ranges. */
    public Section {
        if (!name.matches("[A-Za-z0-9]{1,16}")) {
            throw new IllegalArgumentException("section name \"" + name + "\": expected [A-Za-z0-9]{1,16}");
        }
        if (rows < 1 || rows > MAX_SIDE || seatsPerRow < 1 || seatsPerRow > MAX_SIDE) {
            throw new IllegalArgumentException("section " + name + ": " + rows + " rows of " + seatsPerRow
                    + " seats, expected 1 to " + MAX_SIDE + " of each");
        }
        if (price.signum() < 0) {
            throw new IllegalArgumentException("section " + name + ": price " + price + ", expected at least 0");
        }
    }

    /** How many seats it has. */
    public int seats() {
        return rows * seatsPerRow;
    }
}
