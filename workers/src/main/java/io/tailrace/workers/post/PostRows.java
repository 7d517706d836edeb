package io.tailrace.workers.post;

import io.tailrace.contracts.event.PostPublished;
import io.tailrace.workers.position.Rows;
import io.tailrace.workers.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes the table {@code posts}. */
public final class PostRows implements Rows<PostChange> {
    // A post never changes, so a second record of it (its writer tried again) has nothing to add.
    private static final String INSERT =
            """
            insert into posts (id, author_id, text, created_at)
            select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[])
            on conflict (id) do nothing
            """;

    @Override
    public List<String> tables() {
        return List.of("posts");
    }

    @Override
    public void write(Connection connection, List<PostChange> changes) throws SQLException {
        List<PostPublished> posts = changes.stream()
                .map(change -> switch (change) {
                    case PostChange.Put put -> put.post();
                })
                .toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(posts, PostPublished::id);
            arrays.uuids(posts, PostPublished::authorId);
            arrays.texts(posts, PostPublished::text);
            arrays.instants(posts, PostPublished::createdAt);
            insert.executeUpdate();
        }
    }
}
