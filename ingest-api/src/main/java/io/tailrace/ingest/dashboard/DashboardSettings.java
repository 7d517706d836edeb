package io.tailrace.ingest.dashboard;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * The bounds of dashboards. Immutable.
 *
 * @param maxDashboards how many a person may have
 * @param maxPanels the most panels of a dashboard
 * @param maxMetrics the most metrics of a panel
 */
@ConfigurationProperties("tailrace.dashboards")
public record DashboardSettings(
        @Bindable(defaultValue = "100") int maxDashboards,
        @Bindable(defaultValue = "24") int maxPanels,
        @Bindable(defaultValue = "8") int maxMetrics) {
    /** Checks the ranges. */
    public DashboardSettings {
        if (maxDashboards < 1 || maxPanels < 1 || maxMetrics < 1) {
            throw new IllegalArgumentException("tailrace.dashboards: max-dashboards " + maxDashboards + ", max-panels "
                    + maxPanels + ", max-metrics " + maxMetrics + "; expected at least 1 each");
        }
    }
}
