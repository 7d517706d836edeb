package io.tailrace.ingest.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.kit.problem.Problem.FieldError;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of an array of readings.
 *
 * @param accepted how many are in the log
 * @param refused how many are not
 * @param readings what became of each, in the order of the request
 */
@Introspected
record ReadingsAnswer(int accepted, int refused, List<Outcome> readings) {
    /**
     * What became of one reading: either it has an id, or errors.
     *
     * @param status as if it had come alone: 201, 400, or 404 for an unknown metric
     * @param id its id
     * @param metricId the metric, as far as it is known
     * @param value the value
     * @param timestamp when it was read
     * @param errors what is wrong with it
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Outcome(
            int status,
            @Nullable UUID id,
            @Nullable UUID metricId,
            @Nullable Double value,
            @Nullable Instant timestamp,
            @Nullable List<FieldError> errors) {
        static Outcome accepted(MetricReadingCreated reading) {
            return new Outcome(201, reading.id(), reading.metricId(), reading.value(), reading.timestamp(), null);
        }

        static Outcome refused(int status, @Nullable UUID metricId, List<FieldError> errors) {
            return new Outcome(status, null, metricId, null, null, errors);
        }
    }
}
