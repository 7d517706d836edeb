package io.tailrace.ingest.show;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A show as it is answered. Who offers it is nobody's business.
 *
 * @param id its id
 * @param name what it is called
 * @param startsAt when it begins
 * @param sections its seats are {@code NAME-ROW-NUMBER}
 * @param holdSeconds how long a hold lasts if the buyer does not say
 * @param maxHoldSeconds the longest hold
 * @param maxSeatsPerUser how many seats one person may have, held and confirmed together
 */
@Introspected
record ShowView(
        UUID id,
        String name,
        Instant startsAt,
        List<Section> sections,
        int holdSeconds,
        int maxHoldSeconds,
        int maxSeatsPerUser) {
    static ShowView of(Show show) {
        return new ShowView(
                show.id(),
                show.name(),
                show.startsAt(),
                show.sections(),
                show.holdSeconds(),
                show.maxHoldSeconds(),
                show.maxSeatsPerUser());
    }
}
