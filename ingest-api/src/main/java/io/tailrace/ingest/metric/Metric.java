package io.tailrace.ingest.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A metric as it is answered.
 *
 * @param id its id
 * @param name its name
 * @param unit the unit of its values, or null
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
@MappedEntity("metrics")
public record Metric(@Id UUID id, String name, @Nullable String unit) {}
