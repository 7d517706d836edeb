package io.tailrace.dispatcher.series;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import java.time.Duration;

/**
 * The bounds of the series topology.
 *
 * @param resolutions the windows
 * @param grace how long after the end of its finest window a reading counts
 * @param ahead how far ahead of the log's time a reading may be
 * @param factPartitions partitions of the topic of readings
 * @param maxEventBytes the largest event that is let through
 * @param commitInterval how often points are told while there are many; one before which there was none for so long is told at once
 */
public record SeriesBounds(
        Resolutions resolutions,
        Duration grace,
        Duration ahead,
        int factPartitions,
        int maxEventBytes,
        Duration commitInterval) {
    /**
     * How long the id of a reading is remembered, so that one that was written to the log twice counts once: for as long as the second
     * could still count in a window.
     */
    Duration repeatWindow() {
        Resolution finest = resolutions.finest();
        return ahead.plus(grace).plusMillis(finest.lengthMs());
    }
}
