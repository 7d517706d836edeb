package io.tailrace.workers.feed;

import io.tailrace.workers.position.Rows;
import io.tailrace.workers.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes the table {@code feed_entries}. */
public final class FeedRows implements Rows<FeedChange> {
    private static final String INSERT =
            """
            insert into feed_entries (user_id, post_id, author_id, text, created_at)
            select * from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[])
            on conflict (user_id, post_id) do nothing
            """;

    @Override
    public List<String> tables() {
        return List.of("feed_entries");
    }

    @Override
    public void write(Connection connection, List<FeedChange> changes) throws SQLException {
        List<FeedChange.Put> entries = changes.stream()
                .map(change -> switch (change) {
                    case FeedChange.Put put -> put;
                })
                .toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(entries, FeedChange.Put::userId);
            arrays.uuids(entries, entry -> entry.post().id());
            arrays.uuids(entries, entry -> entry.post().authorId());
            arrays.texts(entries, entry -> entry.post().text());
            arrays.instants(entries, entry -> entry.post().createdAt());
            insert.executeUpdate();
        }
    }
}
