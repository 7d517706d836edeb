package io.tailrace.workers.feed;

import io.tailrace.workers.position.LastChanges;
import io.tailrace.workers.position.Rows;
import io.tailrace.workers.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes the table {@code feed_entries}, and takes away what the log of the feeds has no longer either. So the table is
 * as large as what can be made anew from the log, and a feed as read is as long as a feed as streamed.
 */
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

    /** Rows that another worker is about to take away are left to it. */
    private static final String TRIM =
            """
            delete from feed_entries where (user_id, post_id) in (
                select user_id, post_id from feed_entries
                where copied_at < now() - ? * interval '1 second'
                order by copied_at limit ? for update skip locked)
            """;

    /** More than arrives is taken away, so that the table gets smaller and a transaction stays short. */
    private static final int TRIMMED_PER_WRITTEN = 2;

    private final Duration retention;

    /**
     * The rows.
     *
     * @param retention after how long a row goes: that of the namespace of the feeds
     */
    public FeedRows(Duration retention) {
        this.retention = retention;
    }

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
        try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
            trim.setLong(1, retention.toSeconds());
            trim.setInt(2, TRIMMED_PER_WRITTEN * entries.size());
            trim.executeUpdate();
        }
    }

    private record Entry(UUID userId, UUID postId) {}
}
