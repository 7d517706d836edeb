package io.tailrace.projections.user;

import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes the table {@code users}. */
public final class UserRows implements Rows<UserChange> {
    private static final String UPSERT =
            """
            insert into users (id, email, name, phone, created_at)
            select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
            on conflict (id) do update
            set email = excluded.email, name = excluded.name, phone = excluded.phone, created_at = excluded.created_at
            """;

    private static final String DELETE = "delete from users where id = any(?::uuid[])";

    @Override
    public List<String> tables() {
        return List.of("users");
    }

    @Override
    public void write(Connection connection, List<UserChange> changes) throws SQLException {
        List<UserRegistered> present = new ArrayList<>();
        List<UUID> erased = new ArrayList<>();
        for (UserChange change : LastChanges.by(UserChange::id, changes)) {
            switch (change) {
                case UserChange.Put put -> present.add(put.user());
                case UserChange.Erase erase -> erased.add(erase.id());
            }
        }
        if (!present.isEmpty()) {
            try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
                SqlArrays arrays = new SqlArrays(connection, upsert);
                arrays.uuids(present, UserRegistered::id);
                arrays.texts(present, UserRegistered::email);
                arrays.texts(present, UserRegistered::name);
                arrays.texts(present, UserRegistered::phone);
                arrays.instants(present, UserRegistered::createdAt);
                upsert.executeUpdate();
            }
        }
        if (!erased.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                new SqlArrays(connection, delete).uuids(erased, id -> id);
                delete.executeUpdate();
            }
        }
    }
}
