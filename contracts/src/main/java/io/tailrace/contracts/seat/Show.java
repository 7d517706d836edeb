package io.tailrace.contracts.seat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A show whose seats can be reserved. Payload of {@code show_created}, key: the show's id.
 *
 * @param id the show's id
 * @param organizerId who offers it
 * @param name what it is called
 * @param startsAt when it begins; from then on nothing can be held or confirmed
 * @param sections its seats; names are distinct, {@value #MAX_SEATS} seats at most in all
 * @param holdSeconds how long a hold lasts if the buyer does not say, 1 to {@code maxHoldSeconds}
 * @param maxHoldSeconds the longest hold
 * @param maxSeatsPerUser how many seats one person may have, held and confirmed together, 1 to {@value #USER_CAP}; so also
 *     the most seats of one hold
 */
public record Show(
        UUID id,
        String organizerId,
        String name,
        Instant startsAt,
        List<Section> sections,
        int holdSeconds,
        int maxHoldSeconds,
        int maxSeatsPerUser) {
    /** The most seats of one show. */
    public static final int MAX_SEATS = 200_000;

    /** The longest that {@code maxHoldSeconds} may be: an hour. */
    public static final int HOLD_CAP_SECONDS = 3600;

    /** The most that {@code maxSeatsPerUser} may be. It bounds what deciding one command reads and writes. */
    public static final int USER_CAP = 100;

    /** Checks the ranges. */
    public Show {
        sections = List.copyOf(sections);
        long seats = sections.stream().mapToLong(Section::seats).sum();
        if (seats < 1 || seats > MAX_SEATS) {
            throw new IllegalArgumentException("sections: " + seats + " seats, expected 1 to " + MAX_SEATS);
        }
        if (sections.stream().map(Section::name).distinct().count() != sections.size()) {
            throw new IllegalArgumentException("sections: expected distinct names");
        }
        if (maxHoldSeconds < 1 || maxHoldSeconds > HOLD_CAP_SECONDS) {
            throw new IllegalArgumentException(
                    "max_hold_seconds: " + maxHoldSeconds + ", expected 1 to " + HOLD_CAP_SECONDS);
        }
        if (holdSeconds < 1 || holdSeconds > maxHoldSeconds) {
            throw new IllegalArgumentException("hold_seconds: " + holdSeconds + ", expected 1 to " + maxHoldSeconds);
        }
        if (maxSeatsPerUser < 1 || maxSeatsPerUser > USER_CAP) {
            throw new IllegalArgumentException(
                    "max_seats_per_user: " + maxSeatsPerUser + ", expected 1 to " + USER_CAP);
        }
    }

    /** Whether the show has this seat. */
    public boolean has(SeatId seat) {
        return sections.stream().anyMatch(seat::isIn);
    }
}
