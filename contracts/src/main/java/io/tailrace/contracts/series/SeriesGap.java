package io.tailrace.contracts.series;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Readings of a metric that a bridge could not copy, or copied too late for windows: the payload of {@code series_gap} on the
 * channels of the metric, one for each resolution. Windows have the other readings.
 *
 * @param metricId the metric
 * @param bridge the name of the bridge
 * @param epoch the name of the source's numbering
 * @param firstSequence the first number that is missing; null if that is not known
 * @param lastSequence the last one; null if that is not known, because the source has forgotten its numbering or says none
 * @param from the time of the last reading before the gap, or where the source says that it begins; null if there is none
 * @param to the time of the first reading behind it, or where the source says that it ends; null if there is none
 * @param reason why they are missing, in a sentence
 */
public record SeriesGap(
        UUID metricId,
        String bridge,
        String epoch,
        @Nullable Long firstSequence,
        @Nullable Long lastSequence,
        @Nullable Instant from,
        @Nullable Instant to,
        String reason) {
    /** The type of the event. */
    public static final String TYPE = "series_gap";
}
