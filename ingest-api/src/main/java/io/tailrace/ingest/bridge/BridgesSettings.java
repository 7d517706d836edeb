package io.tailrace.ingest.bridge;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of bridges. Immutable.
 *
 * @param most how many there may be
 * @param maxMetrics the most metrics of a bridge
 * @param aliveFor how long after its worker's last word a bridge counts as one that runs
 */
@ConfigurationProperties("tailrace.bridges")
public record BridgesSettings(
        @Bindable(defaultValue = "100") int most,
        @Bindable(defaultValue = "64") int maxMetrics,
        @Bindable(defaultValue = "30s") Duration aliveFor) {
    /** Checks the ranges. */
    public BridgesSettings {
        if (most < 1 || maxMetrics < 1 || maxMetrics > 150 || aliveFor.toMillis() < 1) {
            throw new IllegalArgumentException("tailrace.bridges: most " + most + ", max-metrics " + maxMetrics
                    + ", alive-for " + aliveFor + "; expected at least 1 each, and at most 150 metrics");
        }
    }
}
