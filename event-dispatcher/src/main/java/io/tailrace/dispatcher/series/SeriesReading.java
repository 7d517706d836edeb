package io.tailrace.dispatcher.series;

import java.util.UUID;

/**
 * A reading, as far as windows go.
 *
 * @param metric the metric
 * @param atUs when it was read, in microseconds since the epoch
 * @param value finite
 */
record SeriesReading(UUID metric, long atUs, double value) {}
