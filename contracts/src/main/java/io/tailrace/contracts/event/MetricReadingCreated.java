package io.tailrace.contracts.event;

import java.time.Instant;
import java.util.UUID;

/**
 * A reading of a metric. Key: the metric's id.
 *
 * @param id the reading's id
 * @param metricId the metric
 * @param value the value, above zero
 * @param timestamp when it was read
 */
public record MetricReadingCreated(UUID id, UUID metricId, double value, Instant timestamp) {}
