package io.tailrace.projections.series;

import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.projections.partition.Partitions;
import io.tailrace.projections.partition.TimePartition;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the table {@code readings}. Readings that are older than what is kept are passed over, whenever they were written, and so are
 * those of a far future: each day has a partition.
 */
public final class ReadingRows implements Rows<MetricReadingCreated> {
    /** The table. */
    public static final String TABLE = "readings";

    /** How much time a partition covers, in milliseconds. */
    public static final long PARTITION_MS = Duration.ofDays(1).toMillis();

    private static final String INSERT =
            """
            insert into readings (metric_id, at, id, value)
            select * from unnest(?::uuid[], ?::timestamptz[], ?::uuid[], ?::float8[])
            on conflict (metric_id, at, id) do nothing
            """;

    private final Duration retention;
    private final Duration ahead;

    /**
     * Rows of the last days.
     *
     * @param retention how long they are kept
     * @param ahead how far ahead of PostgreSQL's time a reading may be
     */
    public ReadingRows(Duration retention, Duration ahead) {
        this.retention = retention;
        this.ahead = ahead;
    }

    @Override
    public List<String> tables() {
        return List.of(TABLE);
    }

    @Override
    public void write(Connection connection, List<MetricReadingCreated> changes) throws SQLException {
        Instant now = Partitions.now(connection);
        Instant from = now.minus(retention);
        Instant to = now.plus(ahead);
        List<MetricReadingCreated> kept = changes.stream()
                .filter(reading ->
                        reading.timestamp().isAfter(from) && reading.timestamp().isBefore(to))
                .toList();
        if (kept.isEmpty()) {
            return;
        }
        Set<TimePartition> partitions = new HashSet<>();
        kept.forEach(reading -> partitions.add(
                TimePartition.of(TABLE, PARTITION_MS, reading.timestamp().toEpochMilli())));
        Partitions.make(connection, partitions);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(kept, MetricReadingCreated::metricId);
            arrays.instants(kept, MetricReadingCreated::timestamp);
            arrays.uuids(kept, MetricReadingCreated::id);
            arrays.doubles(kept, MetricReadingCreated::value);
            insert.executeUpdate();
        }
    }
}
