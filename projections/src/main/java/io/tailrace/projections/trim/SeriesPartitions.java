package io.tailrace.projections.trim;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.projections.partition.Partitions;
import io.tailrace.projections.partition.TimePartition;
import io.tailrace.projections.series.PointRows;
import io.tailrace.projections.series.ReadingRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** Drops the partitions of windows and of readings all of whose rows are older than they are kept. Thread-safe. */
final class SeriesPartitions {
    /** What is counted as trimmed. */
    static final String COPY = "series_partitions";

    private static final Executor SAME_THREAD = Runnable::run;

    private final DataSource dataSource;
    private final int timeoutMs;
    private final Resolutions resolutions;
    private final Duration readings;

    SeriesPartitions(DataSource dataSource, int timeoutMs, Resolutions resolutions, Duration readings) {
        this.dataSource = dataSource;
        this.timeoutMs = timeoutMs;
        this.resolutions = resolutions;
        this.readings = readings;
    }

    /** Drops them; how many. What somebody has read for long stays until the next time. */
    int dropOlder() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setNetworkTimeout(SAME_THREAD, timeoutMs);
            int dropped = Partitions.dropOlder(
                    connection, ReadingRows.TABLE, ReadingRows.TABLE + "_", ReadingRows.PARTITION_MS, readings);
            for (Resolution resolution : resolutions.all()) {
                dropped += Partitions.dropOlder(
                        connection,
                        PointRows.TABLE,
                        TimePartition.prefix(PointRows.TABLE, resolution.lengthMs()),
                        resolution.partitionMs(),
                        resolution.retention());
            }
            return dropped;
        }
    }
}
