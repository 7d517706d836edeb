package io.tailrace.projections.metric;

import io.tailrace.contracts.event.MetricCreated;
import java.time.Instant;

/** What a record of {@code tailrace.metrics} does to the table. */
public sealed interface MetricChange {
    /**
     * The metric is there.
     *
     * @param metric the metric
     * @param createdAt when it came to be: the event's time
     */
    record Put(MetricCreated metric, Instant createdAt) implements MetricChange {}
}
