package io.tailrace.projections.metric;

import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes the table {@code metrics}. */
public final class MetricRows implements Rows<MetricChange> {
    private static final String INSERT =
            """
            insert into metrics (id, name, unit, created_at)
            select * from unnest(?::uuid[], ?::text[], ?::text[], ?::timestamptz[])
            on conflict (id) do nothing
            """;

    @Override
    public List<String> tables() {
        return List.of("metrics");
    }

    @Override
    public void write(Connection connection, List<MetricChange> changes) throws SQLException {
        List<MetricChange.Put> metrics = changes.stream()
                .map(change -> switch (change) {
                    case MetricChange.Put put -> put;
                })
                .toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(metrics, put -> put.metric().id());
            arrays.texts(metrics, put -> put.metric().name());
            arrays.texts(metrics, put -> put.metric().unit());
            arrays.instants(metrics, MetricChange.Put::createdAt);
            insert.executeUpdate();
        }
    }
}
