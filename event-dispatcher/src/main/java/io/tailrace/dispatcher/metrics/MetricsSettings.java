package io.tailrace.dispatcher.metrics;

import java.time.Duration;

/**
 * The bounds of the metrics topology.
 *
 * @param repeatWindow how long the id of a metric or reading is remembered, so that one that was written to the log
 *     twice is delivered once
 * @param factPartitions partitions of the topics of facts
 * @param maxEventBytes the largest event that is delivered, in bytes
 */
public record MetricsSettings(Duration repeatWindow, int factPartitions, int maxEventBytes) {
    /** Checks the ranges. */
    public MetricsSettings {
        if (repeatWindow.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("repeatWindow: " + repeatWindow + ", expected at least PT1M");
        }
    }
}
