package io.tailrace.ingest.series;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.ingest.sql.Database;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The projection of windows, which {@code projections} writes; this service reads it. Thread-safe; blocks. */
@Singleton
class SeriesRows {
    /** The name of the projection that fills the table. */
    private static final String PROJECTION = "series_points";

    /** One statement, so one snapshot: the rows are those of the position. */
    private static final String SELECT =
            """
            select p.generation, p.next_offset, s.* from projection_positions p
            left join lateral (
                select (extract(epoch from t) * 1000)::bigint as t_ms, count, sum, min, max, mean, first, last,
                    (extract(epoch from last_at) * 1000000)::bigint as last_at_us, p50, p95, p99, log_offset
                from series_points
                where metric_id = ? and resolution_ms = ? and t >= ? and t < ?
                order by t limit ?) s on true
            where p.projection = ? and p.topic = ? and p.partition = ? order by s.t_ms
            """;

    private final Database database;

    SeriesRows(Database database) {
        this.database = database;
    }

    /**
     * Windows, and the position of their channel at which they are true.
     *
     * @param generation the id of the channel's topic, as text
     * @param nextOffset the offset after the last record of the channel's partition that is in them
     * @param newestOffset the greatest offset of a record that one of them is of; -1 if there is none
     * @param rows in the order of time
     */
    record Found(String generation, long nextOffset, long newestOffset, List<SeriesRow> rows) {}

    /**
     * The windows of a metric.
     *
     * @param topic that of the channels
     * @param partition that of the metric's channel at this resolution
     * @return empty if nothing has been copied yet
     * @throws io.tailrace.kit.problem.ProblemException 503 if PostgreSQL is away
     */
    Optional<Found> find(UUID metric, Resolution resolution, TimeRange range, int limit, String topic, int partition) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setObject(1, metric);
                select.setInt(2, Math.toIntExact(resolution.lengthMs()));
                select.setObject(3, time(range.from()));
                select.setObject(4, time(range.to()));
                select.setInt(5, limit);
                select.setString(6, PROJECTION);
                select.setString(7, topic);
                select.setInt(8, partition);
                try (ResultSet found = select.executeQuery()) {
                    return read(found);
                }
            }
        });
    }

    private static Optional<Found> read(ResultSet found) throws SQLException {
        List<SeriesRow> rows = new ArrayList<>();
        String generation = null;
        long nextOffset = 0;
        long newestOffset = -1;
        while (found.next()) {
            generation = found.getString(1);
            nextOffset = found.getLong(2);
            long tMs = found.getLong(3);
            if (!found.wasNull()) {
                rows.add(new SeriesRow(
                        tMs,
                        found.getLong(4),
                        found.getDouble(5),
                        found.getDouble(6),
                        found.getDouble(7),
                        found.getDouble(8),
                        found.getDouble(9),
                        found.getDouble(10),
                        found.getLong(11),
                        found.getDouble(12),
                        found.getDouble(13),
                        found.getDouble(14)));
                newestOffset = Math.max(newestOffset, found.getLong(15));
            }
        }
        return generation == null
                ? Optional.empty()
                : Optional.of(new Found(generation, nextOffset, newestOffset, rows));
    }

    static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
