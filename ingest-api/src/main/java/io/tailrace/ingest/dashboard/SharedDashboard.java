package io.tailrace.ingest.dashboard;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;

/**
 * A dashboard as whoever has its link sees it; whose it is is not told.
 *
 * @param name its name
 * @param range the range of time that it opens with
 * @param panels its panels
 * @param changedAt when it was changed last
 */
@Introspected
record SharedDashboard(String name, String range, List<PanelView> panels, Instant changedAt) {}
