package io.tailrace.projections.follow;

import io.tailrace.contracts.event.Follow;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes the table {@code follows}. */
public final class FollowRows implements Rows<FollowChange> {
    private static final String UPSERT =
            """
            insert into follows (follower_id, followee_id, since)
            select * from unnest(?::uuid[], ?::uuid[], ?::timestamptz[])
            on conflict (follower_id, followee_id) do update set since = excluded.since
            """;

    private static final String DELETE =
            """
            delete from follows where (follower_id, followee_id) in (select * from unnest(?::uuid[], ?::uuid[]))
            """;

    @Override
    public List<String> tables() {
        return List.of("follows");
    }

    @Override
    public void write(Connection connection, List<FollowChange> changes) throws SQLException {
        List<Follow> present = new ArrayList<>();
        List<FollowChange.Pair> gone = new ArrayList<>();
        for (FollowChange change : LastChanges.by(FollowChange::pair, changes)) {
            switch (change) {
                case FollowChange.Put put -> present.add(put.follow());
                case FollowChange.Drop drop -> gone.add(drop.pair());
            }
        }
        if (!present.isEmpty()) {
            try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
                SqlArrays arrays = new SqlArrays(connection, upsert);
                arrays.uuids(present, Follow::followerId);
                arrays.uuids(present, Follow::followeeId);
                arrays.instants(present, Follow::at);
                upsert.executeUpdate();
            }
        }
        if (!gone.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                SqlArrays arrays = new SqlArrays(connection, delete);
                arrays.uuids(gone, FollowChange.Pair::followerId);
                arrays.uuids(gone, FollowChange.Pair::followeeId);
                delete.executeUpdate();
            }
        }
    }
}
