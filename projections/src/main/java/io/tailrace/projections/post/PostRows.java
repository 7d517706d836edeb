package io.tailrace.projections.post;

import io.tailrace.contracts.event.PostPublished;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes the tables {@code posts} and {@code deleted_posts}. */
public final class PostRows implements Rows<PostChange> {
    // A post never changes, so a second record of it (its writer tried again) has nothing to add.
    private static final String INSERT =
            """
            insert into posts (id, author_id, text, created_at)
            select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[])
            on conflict (id) do nothing
            """;

    private static final String DELETE = "delete from posts where id = any(?::uuid[])";

    private static final String REMEMBER =
            """
            insert into deleted_posts (id, author_id) select * from unnest(?::uuid[], ?::uuid[]) on conflict (id) do nothing
            """;

    @Override
    public List<String> tables() {
        return List.of("posts", "deleted_posts");
    }

    @Override
    public void write(Connection connection, List<PostChange> changes) throws SQLException {
        List<PostPublished> posts = new ArrayList<>();
        List<PostChange.Delete> deleted = new ArrayList<>();
        for (PostChange change : LastChanges.by(PostChange::id, changes)) {
            switch (change) {
                case PostChange.Put put -> posts.add(put.post());
                case PostChange.Delete delete -> deleted.add(delete);
            }
        }
        if (!posts.isEmpty()) {
            insert(connection, posts);
        }
        if (!deleted.isEmpty()) {
            delete(connection, deleted);
        }
    }

    private static void insert(Connection connection, List<PostPublished> posts) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            SqlArrays arrays = new SqlArrays(connection, insert);
            arrays.uuids(posts, PostPublished::id);
            arrays.uuids(posts, PostPublished::authorId);
            arrays.texts(posts, PostPublished::text);
            arrays.instants(posts, PostPublished::createdAt);
            insert.executeUpdate();
        }
    }

    private static void delete(Connection connection, List<PostChange.Delete> deleted) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            new SqlArrays(connection, delete).uuids(deleted, PostChange.Delete::id);
            delete.executeUpdate();
        }
        try (PreparedStatement remember = connection.prepareStatement(REMEMBER)) {
            SqlArrays arrays = new SqlArrays(connection, remember);
            arrays.uuids(deleted, PostChange.Delete::id);
            arrays.uuids(deleted, PostChange.Delete::authorId);
            remember.executeUpdate();
        }
    }
}
