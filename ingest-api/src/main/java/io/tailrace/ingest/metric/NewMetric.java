package io.tailrace.ingest.metric;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A request for a metric.
 *
 * @param name its name
 * @param unit the unit of its values, such as {@code %} or {@code ms}; null for none
 */
@Introspected
record NewMetric(@Nullable String name, @Nullable String unit) {}
