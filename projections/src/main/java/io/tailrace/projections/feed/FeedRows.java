package io.tailrace.projections.feed;

import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes the table {@code feed_entries}. What the log of the feeds has no longer either is taken away by the trim. */
public final class FeedRows implements Rows<FeedChange> {
    // One that was deleted may still come: of a feed that is far behind, to somebody who follows the author no longer
    // and is
    // not told that it was deleted.
    private static final String INSERT =
            """
            insert into feed_entries (user_id, post_id, author_id, text, created_at, log_offset)
            select * from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::bigint[])
                as entry (user_id, post_id, author_id, text, created_at, log_offset)
            where not exists (select from deleted_posts where id = entry.post_id)
            on conflict (user_id, post_id) do nothing
            """;

    private static final String DELETE =
            """
            delete from feed_entries where (user_id, post_id) in (select * from unnest(?::uuid[], ?::uuid[]))
            """;

    @Override
    public List<String> tables() {
        return List.of("feed_entries");
    }

    @Override
    public void write(Connection connection, List<FeedChange> changes) throws SQLException {
        List<FeedChange.Put> entries = new ArrayList<>();
        List<FeedChange.Drop> gone = new ArrayList<>();
        for (FeedChange change : LastChanges.by(each -> new Entry(each.userId(), each.postId()), changes)) {
            switch (change) {
                case FeedChange.Put put -> entries.add(put);
                case FeedChange.Drop drop -> gone.add(drop);
            }
        }
        if (!entries.isEmpty()) {
            insert(connection, entries);
        }
        if (!gone.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                SqlArrays arrays = new SqlArrays(connection, delete);
                arrays.uuids(gone, FeedChange.Drop::userId);
                arrays.uuids(gone, FeedChange.Drop::postId);
                delete.executeUpdate();
            }
        }
    }

    private void insert(Connection connection, List<FeedChange.Put> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(entries, FeedChange.Put::userId);
            arrays.uuids(entries, FeedChange.Put::postId);
            arrays.uuids(entries, entry -> entry.post().authorId());
            arrays.texts(entries, entry -> entry.post().text());
            arrays.instants(entries, entry -> entry.post().createdAt());
            arrays.longs(entries, FeedChange.Put::logOffset);
            insert.executeUpdate();
        }
    }

    private record Entry(UUID userId, UUID postId) {}
}
