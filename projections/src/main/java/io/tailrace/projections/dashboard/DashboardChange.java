package io.tailrace.projections.dashboard;

import io.tailrace.contracts.event.DashboardSaved;
import java.util.UUID;

/** What a record of {@code tailrace.dashboards} does to the table. */
public sealed interface DashboardChange {
    /** The row's key. */
    UUID id();

    /**
     * The dashboard is so.
     *
     * @param dashboard the whole of it
     */
    record Put(DashboardSaved dashboard) implements DashboardChange {
        @Override
        public UUID id() {
            return dashboard.id();
        }
    }

    /**
     * The dashboard is no longer there.
     *
     * @param id which
     */
    record Delete(UUID id) implements DashboardChange {}
}
