package io.tailrace.ingest.bridge;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;

/**
 * A bridge as the copy of the schedules has it.
 *
 * @param definition the schedule, as JSON
 */
@MappedEntity("schedules")
record BridgeRow(@Id String name, String definition, Instant changedAt) {}
