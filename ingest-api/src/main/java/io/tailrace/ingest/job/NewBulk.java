package io.tailrace.ingest.job;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with many jobs, for the description of the API; {@link BulkRequest} reads it.
 *
 * @param action {@code cancel}, {@code retry} or {@code run-now}
 * @param ids the jobs, at most 500; or a filter
 * @param filter finds the jobs
 * @param before where the jobs of the filter begin: the {@code next} of the answer before
 * @param limit the most jobs of the filter, 1 to 500
 */
@Introspected
record NewBulk(
        String action,
        @Nullable List<UUID> ids,
        @Nullable Filter filter,
        @Nullable String before,
        @Nullable Integer limit) {
    /** Jobs of a queue, a type and a state; what is missing is any from which the action is possible. */
    @Introspected
    record Filter(@Nullable String queue, @Nullable String type, @Nullable String state) {}
}
