package io.tailrace.projections.seat;

import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes the table {@code hold_requests}. */
public final class HoldRequestRows implements Rows<HoldRequest> {
    // A retry stands in the log again, under the same id. The first one counts, as it does for the dispatcher.
    private static final String INSERT =
            """
            insert into hold_requests (id, show_id, user_id, seats, requested_at)
            select id, show_id, user_id, string_to_array(seats, ','), requested_at
            from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::timestamptz[])
                as asked (id, show_id, user_id, seats, requested_at)
            on conflict (id) do nothing
            """;

    @Override
    public List<String> tables() {
        return List.of("hold_requests");
    }

    @Override
    public void write(Connection connection, List<HoldRequest> changes) throws SQLException {
        List<HoldRequest.Put> asked = changes.stream()
                .map(change -> switch (change) {
                    case HoldRequest.Put put -> put;
                })
                .toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(asked, put -> put.hold().commandId());
            arrays.uuids(asked, put -> put.hold().showId());
            arrays.texts(asked, put -> put.hold().userId());
            arrays.texts(asked, put -> String.join(",", put.hold().seats()));
            arrays.instants(asked, HoldRequest.Put::at);
            insert.executeUpdate();
        }
    }
}
