package io.tailrace.ingest.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of the metrics.
 *
 * @param metrics in the order in which they came to be
 * @param next the value of {@code after} that gets the next page, or null after the last one
 */
@Introspected
record MetricPage(List<Listed> metrics, @Nullable UUID next) {
    /**
     * A metric in a list.
     *
     * @param id its id
     * @param name its name
     * @param unit the unit of its values, or null
     * @param last its latest value, or null if there is none that is kept
     * @param range from when to when there are windows, or null
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listed(UUID id, String name, @Nullable String unit, @Nullable Last last, @Nullable Range range) {}

    /**
     * A latest value.
     *
     * @param value the value
     * @param timestamp when it was read
     */
    @Introspected
    record Last(double value, Instant timestamp) {}

    /**
     * The times of which there are windows.
     *
     * @param from when the earliest window begins
     * @param to when the latest reading was read
     */
    @Introspected
    record Range(Instant from, Instant to) {}
}
