package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;

/**
 * A schedule, as the projections hold it.
 *
 * @param definition JSON, as in the log
 */
@MappedEntity("schedules")
record ScheduleRow(@Id String name, String definition, Instant changedAt) {}
