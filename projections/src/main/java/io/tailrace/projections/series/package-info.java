/**
 * Time series in PostgreSQL: the windows of {@code series:{metric_id}:{resolution}} as the table {@code series_points}, and the readings
 * of the last days as the table {@code readings}, both partitioned by time.
 */
@NullMarked
package io.tailrace.projections.series;

import org.jspecify.annotations.NullMarked;
