package io.tailrace.ingest.metric;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
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
    private static final Set<String> FIELDS = Set.of("metric_id", "value", "timestamp");
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    /** A reading that is as it must be. */
    record Checked(UUID metricId, double value, @Nullable Instant timestamp) {}

    /**
     * Reads a reading.
     *
     * @throws ProblemException 400 if it is not an object of such fields, each of its type
     */
    static NewReading read(JsonNode body) {
        Faults faults = new Faults();
        BodyFields fields = BodyFields.of(body, FIELDS, faults);
        JsonNode id = fields.node("metric_id");
        JsonNode value = fields.node("value");
        JsonNode timestamp = fields.node("timestamp");
        UUID metricId = id == null ? null : uuid(id, faults);
        if (value != null && !value.isNumber()) {
            faults.add("value", BodyFields.found(value) + ", expected a number above 0");
        }
        Instant time = timestamp == null ? null : time(timestamp, faults);
        faults.throwIfAny();
        return new NewReading(metricId, value == null ? null : value.doubleValue(), time);
    }

    private static @Nullable UUID uuid(JsonNode node, Faults faults) {
        if (node.isTextual()) {
            try {
                return Ids.parse("metric_id", node.textValue());
            } catch (ProblemException e) {
                faults.add("metric_id", Texts.shown(node.textValue()) + ", expected a UUID");
                return null;
            }
        }
        faults.add("metric_id", BodyFields.found(node) + ", expected a UUID");
        return null;
    }

    private static @Nullable Instant time(JsonNode node, Faults faults) {
        if (node.isTextual()) {
            try {
                return OffsetDateTime.parse(node.textValue()).toInstant();
            } catch (DateTimeParseException e) {
                faults.add("timestamp", Texts.shown(node.textValue()) + ", expected a time of RFC 3339");
                return null;
            }
        }
        faults.add("timestamp", BodyFields.found(node) + ", expected a time of RFC 3339");
        return null;
    }

    /**
     * The reading, checked.
     *
     * @param now the time of the request
     * @param maxFuture how far ahead of it the reading may be dated
     * @throws ProblemException 400 with every fault
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
