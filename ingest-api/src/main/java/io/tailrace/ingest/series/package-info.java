/**
 * Reading time series: windows of a metric at a resolution, reduced to as many points as a chart has room for, with the position at which
 * they are true; and the readings themselves.
 */
@NullMarked
package io.tailrace.ingest.series;

import org.jspecify.annotations.NullMarked;
