package io.tailrace.projections.series;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.projections.partition.Partitions;
import io.tailrace.projections.partition.TimePartition;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Writes the table {@code series_points}. Windows that are no longer kept are passed over: after a rebuild the log may have many. */
public final class PointRows implements Rows<PointChange> {
    /** The table. */
    public static final String TABLE = "series_points";

    private static final String UPSERT =
            """
            insert into series_points as kept (metric_id, resolution_ms, t, count, sum, min, max, mean, first, last,
                last_at, p50, p95, p99, log_offset)
            select * from unnest(?::uuid[], ?::int[], ?::timestamptz[], ?::bigint[], ?::float8[], ?::float8[], ?::float8[],
                ?::float8[], ?::float8[], ?::float8[], ?::timestamptz[], ?::float8[], ?::float8[], ?::float8[], ?::bigint[])
            on conflict (metric_id, resolution_ms, t) do update set
                count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max, mean = excluded.mean,
                first = excluded.first, last = excluded.last, last_at = excluded.last_at, p50 = excluded.p50,
                p95 = excluded.p95, p99 = excluded.p99, log_offset = excluded.log_offset
            where excluded.log_offset > kept.log_offset
            """;

    private record Key(UUID metric, long lengthMs, Instant t) {}

    private final Map<Long, Resolution> resolutions = new HashMap<>();

    /** Rows of these resolutions. */
    public PointRows(Resolutions resolutions) {
        resolutions.all().forEach(each -> this.resolutions.put(each.lengthMs(), each));
    }

    @Override
    public List<String> tables() {
        return List.of(TABLE);
    }

    @Override
    public void write(Connection connection, List<PointChange> changes) throws SQLException {
        Instant now = Partitions.now(connection);
        List<PointChange> kept = new ArrayList<>();
        Set<TimePartition> partitions = new HashSet<>();
        for (PointChange change : LastChanges.by(PointRows::key, changes)) {
            Resolution resolution = resolutions.get(change.lengthMs());
            if (resolution != null && change.point().t().isAfter(now.minus(resolution.retention()))) {
                kept.add(change);
                partitions.add(TimePartition.ofWindows(
                        TABLE,
                        change.lengthMs(),
                        resolution.partitionMs(),
                        change.point().t().toEpochMilli()));
            }
        }
        if (!kept.isEmpty()) {
            Partitions.make(connection, partitions);
            upsert(connection, kept);
        }
    }

    private static Key key(PointChange change) {
        return new Key(
                change.point().metricId(), change.lengthMs(), change.point().t());
    }

    private static void upsert(Connection connection, List<PointChange> rows) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.uuids(rows, row -> row.point().metricId());
            arrays.ints(rows, row -> Math.toIntExact(row.lengthMs()));
            arrays.instants(rows, row -> row.point().t());
            arrays.longs(rows, row -> row.point().count());
            arrays.doubles(rows, row -> row.point().sum());
            arrays.doubles(rows, row -> row.point().min());
            arrays.doubles(rows, row -> row.point().max());
            arrays.doubles(rows, row -> row.point().mean());
            arrays.doubles(rows, row -> row.point().first());
            arrays.doubles(rows, row -> row.point().last());
            arrays.instants(rows, row -> row.point().lastAt());
            arrays.doubles(rows, row -> row.point().p50());
            arrays.doubles(rows, row -> row.point().p95());
            arrays.doubles(rows, row -> row.point().p99());
            arrays.longs(rows, PointChange::logOffset);
            upsert.executeUpdate();
        }
    }
}
