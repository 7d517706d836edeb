package io.tailrace.projections.series;

import io.tailrace.contracts.series.SeriesPoint;

/**
 * What a record of the channels of series does to the table: the window has this state.
 *
 * @param point the state
 * @param lengthMs the length of the window, in milliseconds
 * @param logOffset the record's place in its partition
 */
public record PointChange(SeriesPoint point, long lengthMs, long logOffset) {}
