/** Dashboards as a table. */
@NullMarked
package io.tailrace.projections.dashboard;

import org.jspecify.annotations.NullMarked;
