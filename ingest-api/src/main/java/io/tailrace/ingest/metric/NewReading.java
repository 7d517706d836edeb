package io.tailrace.ingest.metric;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.ingest.input.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A reading, as somebody sent it.
 *
 * @param metricId the metric
 * @param value the value
 * @param timestamp when it was read; null for now
 */
@Introspected
record NewReading(@Nullable UUID metricId, @Nullable Double value, @Nullable Instant timestamp) {
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    /** A reading that is as it must be. */
    record Checked(UUID metricId, double value, @Nullable Instant timestamp) {}

    /**
     * The reading, checked.
     *
     * @param now the time of the request
     * @param maxFuture how far ahead of it the reading may be dated
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault
     */
    Checked checked(Instant now, Duration maxFuture) {
        Faults faults = new Faults();
        if (metricId == null) {
            faults.add("metric_id", "is missing, expected a UUID");
        }
        if (value == null || !Double.isFinite(value) || value <= 0) {
            faults.add("value", value == null ? "is missing, expected a number above 0" : value + ", expected above 0");
        }
        if (timestamp != null && (timestamp.isBefore(EARLIEST) || timestamp.isAfter(now.plus(maxFuture)))) {
            faults.add(
                    "timestamp",
                    timestamp + ", expected a time after 1970 and at most " + maxFuture.toSeconds() + " s from now");
        }
        faults.throwIfAny();
        if (metricId == null || value == null) {
            throw new IllegalStateException("what is missing is a fault");
        }
        return new Checked(metricId, value, timestamp);
    }
}
