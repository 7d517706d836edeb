package io.tailrace.ingest.show;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A show, as the projection holds it.
 *
 * @param id its id
 * @param organizerId who offers it
 * @param name what it is called
 * @param startsAt when it begins
 * @param sections JSON as in the log
 * @param holdSeconds how long a hold lasts if the buyer does not say
 * @param maxHoldSeconds the longest hold
 * @param maxSeatsPerUser how many seats one person may have
 */
@MappedEntity("shows")
record ShowRow(
        @Id UUID id,
        String organizerId,
        String name,
        Instant startsAt,
        String sections,
        int holdSeconds,
        int maxHoldSeconds,
        int maxSeatsPerUser) {
    Show show() {
        try {
            Section[] blocks = Json.read(sections.getBytes(StandardCharsets.UTF_8), Section[].class);
            return new Show(
                    id, organizerId, name, startsAt, List.of(blocks), holdSeconds, maxHoldSeconds, maxSeatsPerUser);
        } catch (IOException e) {
            throw new UncheckedIOException("the sections of the show " + id, e);
        }
    }
}
