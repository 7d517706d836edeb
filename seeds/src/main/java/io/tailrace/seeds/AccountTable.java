package io.tailrace.seeds;

import io.tailrace.contracts.event.UserRegistered;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Accounts, and how far the crowd is, in PostgreSQL. Not thread-safe; whoever opens it closes it. */
final class AccountTable implements AutoCloseable {
    /** Of {@code tailrace-demo}, as for the people in the SQL files; one for all, since making one takes 50 ms. */
    private static final String PASSWORD_HASH =
            "$argon2id$v=19$m=19456,t=2,p=1$Sluv8cgamJM2CecdyE+qQQ" + "$a7eKPIDh9vA8bmbLuo2fmNLAilaUDSRbMusZi9xzD/o";

    private final Connection connection;

    AccountTable(String url, String user, String password) throws SQLException {
        connection = DriverManager.getConnection(url, user, password);
        connection.setAutoCommit(true);
    }

    /** Makes those that are not there yet. */
    void insert(List<UserRegistered> people) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into accounts (id, email, email_key, name, phone, password_hash, created_at)
                select id, email, lower(email), name, phone, ?, created_at
                from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                    as crowd (id, email, name, phone, created_at)
                on conflict do nothing
                """)) {
            insert.setString(1, PASSWORD_HASH);
            insert.setArray(2, array("uuid", people, UserRegistered::id));
            insert.setArray(3, array("text", people, UserRegistered::email));
            insert.setArray(4, array("text", people, UserRegistered::name));
            insert.setArray(5, array("text", people, person -> String.valueOf(person.phone())));
            insert.setArray(
                    6, array("timestamptz", people, person -> person.createdAt().toString()));
            insert.executeUpdate();
        }
    }

    /** The number of the next person of whom a step is still to be done. */
    int next(Step step) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select next from crowd_progress where step = ?")) {
            select.setString(1, name(step));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    /** Remembers it. */
    void passed(Step step, int next) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into crowd_progress (step, next) values (?, ?)
                on conflict (step) do update set next = greatest(crowd_progress.next, excluded.next)
                """)) {
            upsert.setString(1, name(step));
            upsert.setInt(2, next);
            upsert.executeUpdate();
        }
    }

    private static String name(Step step) {
        return step.name().toLowerCase(Locale.ROOT);
    }

    private <T> Array array(String type, List<UserRegistered> people, Function<UserRegistered, T> value)
            throws SQLException {
        return connection.createArrayOf(type, people.stream().map(value).toArray());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
