package io.tailrace.ingest.series;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of the readings of a metric.
 *
 * @param readings in the order of their times
 * @param next the value of {@code after} that gets the next page, or null after the last one
 */
@Introspected
record ReadingPage(List<Row> readings, @Nullable String next) {
    /**
     * A reading.
     *
     * @param id its id
     * @param timestamp when it was read
     * @param value the value
     */
    @Introspected
    record Row(UUID id, Instant timestamp, double value) {}
}
