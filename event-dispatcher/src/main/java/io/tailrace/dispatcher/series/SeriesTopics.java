package io.tailrace.dispatcher.series;

/**
 * The topics of the series topology.
 *
 * @param readings facts, key metric
 * @param seriesChannel the channels {@code series:{metric_id}:{resolution}}
 */
public record SeriesTopics(String readings, String seriesChannel) {}
