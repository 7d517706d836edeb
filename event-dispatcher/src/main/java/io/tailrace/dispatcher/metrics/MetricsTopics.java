package io.tailrace.dispatcher.metrics;

import io.tailrace.contracts.topic.Topics;

/**
 * The topics of the metrics topology.
 *
 * @param metrics facts, key metric
 * @param readings facts, key metric; as many partitions as {@code metrics}
 * @param metricsChannel the channel {@code metrics}
 */
public record MetricsTopics(String metrics, String readings, String metricsChannel) {
    /** The names that ship with Tailrace. */
    public static MetricsTopics standard() {
        return new MetricsTopics(Topics.METRICS, Topics.READINGS, "tailrace.channels.metrics");
    }
}
