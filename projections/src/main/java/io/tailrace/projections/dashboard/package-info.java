/**
 * {@code tailrace.dashboards} as the table {@code dashboards}.
 */
@NullMarked
package io.tailrace.projections.dashboard;

import org.jspecify.annotations.NullMarked;
