package io.tailrace.bench.series;

import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * The baseline: the same readings in the same PostgreSQL, with an index by metric and time, put into windows by each query. For one
 * thread.
 */
final class PlainRows implements AutoCloseable {
    private static final String WINDOWS =
            """
            select date_bin(?::interval, at, timestamptz 'epoch') as t, count(*), min(value), max(value), avg(value)%s
            from readings where metric_id = ? and at >= ? and at < ? group by 1 order by 1
            """;

    private static final String QUANTILES = ", percentile_disc(array[0.5, 0.95, 0.99]) within group (order by value)";

    private final Connection connection;
    private final PreparedStatement withQuantiles;
    private final PreparedStatement withoutQuantiles;

    /** The rows of a Tailrace that runs. */
    PlainRows(Stand stand) throws IOException, SQLException {
        connection = DriverManager.getConnection(
                stand.environment("TAILRACE_POSTGRES_URL"),
                stand.environment("TAILRACE_POSTGRES_USER"),
                stand.environment("TAILRACE_POSTGRES_PASSWORD"));
        withQuantiles = connection.prepareStatement(WINDOWS.formatted(QUANTILES));
        withoutQuantiles = connection.prepareStatement(WINDOWS.formatted(""));
    }

    /** For statements that prepare a measurement. */
    Connection connection() {
        return connection;
    }

    /** How many readings of these metrics the table has. */
    long count(List<String> metrics) throws SQLException {
        try (PreparedStatement count =
                connection.prepareStatement("select count(*) from readings where metric_id = any(?::uuid[])")) {
            count.setArray(1, connection.createArrayOf("text", metrics.toArray()));
            try (ResultSet rows = count.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /**
     * Windows of a metric.
     *
     * @param seconds the length of a window
     * @param quantiles whether they have p50, p95 and p99
     * @return the number of readings in them
     */
    long windows(String metric, Instant from, Instant to, long seconds, boolean quantiles) throws SQLException {
        PreparedStatement query = quantiles ? withQuantiles : withoutQuantiles;
        query.setString(1, seconds + " seconds");
        query.setObject(2, UUID.fromString(metric));
        query.setObject(3, time(from));
        query.setObject(4, time(to));
        long readings = 0;
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                readings += rows.getLong(2);
            }
        }
        return readings;
    }

    static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
