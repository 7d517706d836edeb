package io.tailrace.ingest.metric;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;

/**
 * A metric as it is answered.
 *
 * @param id its id
 * @param name its name
 */
@Introspected
@MappedEntity("metrics")
record Metric(@Id UUID id, String name) {}
