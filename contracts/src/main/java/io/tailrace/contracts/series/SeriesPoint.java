package io.tailrace.contracts.series;

import java.time.Instant;
import java.util.UUID;

/**
 * The state of one window: the payload of {@code point} on {@code series:{metric_id}:{resolution}}. A later point of the same window
 * replaces an earlier one.
 *
 * @param metricId the metric
 * @param resolution the label of the resolution
 * @param t when the window begins
 * @param count how many readings are in it, at least 1
 * @param sum of their values
 * @param min the least value
 * @param max the greatest value
 * @param mean {@code sum / count}
 * @param first the value of the earliest reading; of several at one time, that which is first in the log
 * @param last the value of the latest reading; of several at one time, that which is last in the log
 * @param lastAt the time of the latest reading
 * @param p50 the median, within one percent of a value that has this rank
 * @param p95 the 95th percentile, likewise
 * @param p99 the 99th percentile, likewise
 */
public record SeriesPoint(
        UUID metricId,
        String resolution,
        Instant t,
        long count,
        double sum,
        double min,
        double max,
        double mean,
        double first,
        double last,
        Instant lastAt,
        double p50,
        double p95,
        double p99) {
    /** The namespace of the channels. */
    public static final String NAMESPACE = "series";

    /** The type of the event. */
    public static final String TYPE = "point";

    /** The name of a metric's channel at one resolution. */
    public static String channel(UUID metricId, String resolution) {
        return NAMESPACE + ":" + metricId + ":" + resolution;
    }
}
