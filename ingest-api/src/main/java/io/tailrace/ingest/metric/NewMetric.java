package io.tailrace.ingest.metric;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A request for a metric.
 *
 * @param name its name
 */
@Introspected
record NewMetric(@Nullable String name) {}
