package io.tailrace.ingest.show;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The answer to offering a show: the show, and the ids of all of its seats.
 *
 * @param id its id
 * @param name what it is called
 * @param startsAt when it begins
 * @param sections its blocks of seats
 * @param holdSeconds how long a hold lasts if the buyer does not say
 * @param maxHoldSeconds the longest hold
 * @param maxSeatsPerUser how many seats one person may have, held and confirmed together
 * @param seats the ids of its seats, section by section and row by row
 */
@Introspected
record CreatedShow(
        UUID id,
        String name,
        Instant startsAt,
        List<Section> sections,
        int holdSeconds,
        int maxHoldSeconds,
        int maxSeatsPerUser,
        List<String> seats) {
    static CreatedShow of(Show show) {
        return new CreatedShow(
                show.id(),
                show.name(),
                show.startsAt(),
                show.sections(),
                show.holdSeconds(),
                show.maxHoldSeconds(),
                show.maxSeatsPerUser(),
                Layout.seats(show));
    }
}
