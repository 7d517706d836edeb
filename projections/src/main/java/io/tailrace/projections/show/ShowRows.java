package io.tailrace.projections.show;

import io.tailrace.contracts.seat.Show;
import io.tailrace.kit.json.Json;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes the table {@code shows}. */
public final class ShowRows implements Rows<ShowChange> {
    // The first one counts, as it does for the dispatcher.
    private static final String INSERT =
            """
            insert into shows (id, organizer_id, name, starts_at, sections,
                hold_seconds, max_hold_seconds, max_seats_per_user)
            select * from unnest(?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::int[], ?::int[], ?::int[])
            on conflict (id) do nothing
            """;

    @Override
    public List<String> tables() {
        return List.of("shows");
    }

    @Override
    public void write(Connection connection, List<ShowChange> changes) throws SQLException {
        List<Show> shows = changes.stream()
                .map(change -> switch (change) {
                    case ShowChange.Put put -> put.show();
                })
                .toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(shows, Show::id);
            arrays.texts(shows, Show::organizerId);
            arrays.texts(shows, Show::name);
            arrays.instants(shows, Show::startsAt);
            arrays.texts(shows, show -> new String(Json.write(show.sections()), StandardCharsets.UTF_8));
            arrays.ints(shows, Show::holdSeconds);
            arrays.ints(shows, Show::maxHoldSeconds);
            arrays.ints(shows, Show::maxSeatsPerUser);
            insert.executeUpdate();
        }
    }
}
