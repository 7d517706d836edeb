package io.tailrace.bench.series;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A day of readings of one metric, as rows that stand where {@code projections} would have put them: SQL makes the readings, and their
 * windows from these, so that a query finds millions of readings without the time that writing each of them takes.
 *
 * @param metric the metric
 * @param from when the first reading was read
 * @param to after the last one
 * @param readings how many
 */
record LongHistory(String metric, Instant from, Instant to, int readings) {
    /** What {@code auto} chooses for 500 points of a day or less. */
    private static final List<String> RESOLUTIONS = List.of("1s", "10s", "1m");

    private static final Duration LENGTH = Duration.ofDays(1);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String READINGS =
            """
            insert into readings (metric_id, at, id, value)
            select ?, ?::timestamptz + i * ?::float8 * interval '1 microsecond', gen_random_uuid(),
                60 + 40 * sin(i * 12.5 / ?::float8) + 15 * random()
            from generate_series(0, ? - 1) as i
            """;

    private static final String WINDOWS =
            """
            insert into series_points
            select metric_id, ?, t, n, total, lo, hi, total / n, ends[1], ends[2], last_at, p[1], p[2], p[3], 0
            from (
                select metric_id, date_bin(?::interval, at, timestamptz 'epoch') as t, count(*) as n, sum(value) as total,
                    min(value) as lo, max(value) as hi, max(at) as last_at,
                    array[(array_agg(value order by at))[1], (array_agg(value order by at desc))[1]] as ends,
                    percentile_disc(array[0.5, 0.95, 0.99]) within group (order by value) as p
                from readings where metric_id = ? and at >= ? and at < ? group by 1, 2) windows
            """;

    /** The day before a moment. */
    static LongHistory before(Instant end, String metric, int readings) {
        return new LongHistory(metric, end.minus(LENGTH), end, readings);
    }

    /** Writes it. */
    void load(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set work_mem = '256MB'");
            for (long dayMs = startOf(LENGTH.toMillis(), from); dayMs < to.toEpochMilli(); dayMs += LENGTH.toMillis()) {
                partition(
                        statement,
                        "readings",
                        "readings_" + DAY.format(Instant.ofEpochMilli(dayMs)),
                        "",
                        dayMs,
                        LENGTH.toMillis());
            }
            readings(connection);
            for (String label : RESOLUTIONS) {
                Resolution resolution =
                        Resolutions.parse(Resolutions.STANDARD).of(label).orElseThrow();
                long lengthMs = resolution.partitionMs();
                for (long atMs = startOf(lengthMs, from); atMs < to.toEpochMilli(); atMs += lengthMs) {
                    partition(
                            statement,
                            "series_points",
                            "series_points_" + resolution.lengthMs() / 1_000 + "_"
                                    + DAY.format(Instant.ofEpochMilli(atMs)),
                            resolution.lengthMs() + ", ",
                            atMs,
                            lengthMs);
                }
                windows(connection, resolution);
            }
            statement.execute("reset work_mem");
            statement.execute("vacuum analyze readings");
            statement.execute("vacuum analyze series_points");
        }
    }

    private static long startOf(long lengthMs, Instant time) {
        return Math.floorDiv(time.toEpochMilli(), lengthMs) * lengthMs;
    }

    /** With the name and the bounds that {@code projections} gives it, which goes on with it. */
    private static void partition(
            Statement statement, String table, String name, String before, long atMs, long lengthMs)
            throws SQLException {
        statement.execute("create table if not exists " + name + " partition of " + table + " for values from ("
                + before + "'" + Instant.ofEpochMilli(atMs) + "') to (" + before + "'"
                + Instant.ofEpochMilli(atMs + lengthMs) + "')");
    }

    private void readings(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(READINGS)) {
            insert.setObject(1, UUID.fromString(metric));
            insert.setObject(2, PlainRows.time(from));
            insert.setDouble(3, LENGTH.toNanos() / 1_000.0 / readings);
            insert.setDouble(4, readings);
            insert.setInt(5, readings);
            insert.executeUpdate();
        }
    }

    private void windows(Connection connection, Resolution resolution) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(WINDOWS)) {
            insert.setInt(1, Math.toIntExact(resolution.lengthMs()));
            insert.setString(2, resolution.lengthMs() + " milliseconds");
            insert.setObject(3, UUID.fromString(metric));
            insert.setObject(4, PlainRows.time(from));
            insert.setObject(5, PlainRows.time(to));
            insert.executeUpdate();
        }
    }
}
