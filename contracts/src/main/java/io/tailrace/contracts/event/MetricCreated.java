package io.tailrace.contracts.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A metric came to be. Key: the metric's id.
 *
 * @param id the metric's id
 * @param name its name
 * @param unit the unit of its values; null if it has none, and of metrics from before there were units
 */
public record MetricCreated(UUID id, String name, @Nullable String unit) {}
