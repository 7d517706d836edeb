/**
 * Dashboards of people: facts in {@code tailrace.dashboards}, read from their projection. Whose one is sees it, and whoever has its link if
 * it is shared.
 */
@NullMarked
package io.tailrace.ingest.dashboard;

import org.jspecify.annotations.NullMarked;
