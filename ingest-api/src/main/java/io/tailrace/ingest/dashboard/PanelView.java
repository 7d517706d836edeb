package io.tailrace.ingest.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.event.DashboardSaved;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A panel of a dashboard: some metrics on one axis.
 *
 * @param title its title, or null
 * @param metrics the ids of the metrics, in their order
 * @param resolution {@code auto}, or the label of a resolution such as {@code 10s}
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record PanelView(@Nullable String title, List<UUID> metrics, @Nullable String resolution) {
    static PanelView of(DashboardSaved.Panel panel) {
        return new PanelView(panel.title(), panel.metrics(), panel.resolution());
    }
}
