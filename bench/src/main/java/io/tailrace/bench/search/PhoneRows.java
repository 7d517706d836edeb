package io.tailrace.bench.search;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The same people in PostgreSQL: the accounts. Not thread-safe; whoever opens it closes it. */
final class PhoneRows implements AutoCloseable {
    private static final String SEARCH =
            "select id, email, name, phone, created_at from accounts where phone ilike ? order by created_at desc"
                    + " limit 20";

    private final Connection connection;
    private final PreparedStatement search;

    PhoneRows(String url, String user, String password) throws SQLException {
        connection = DriverManager.getConnection(url, user, password);
        search = connection.prepareStatement(SEARCH);
    }

    /** Phone numbers of people, evenly chosen. */
    List<String> sample(int count) throws SQLException {
        List<String> phones = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select phone from accounts where phone is not null order by md5(id::text) limit " + count)) {
            while (row.next()) {
                phones.add(row.getString(1));
            }
        }
        return phones;
    }

    /** How many accounts the projection of people has not seen yet. */
    long behind() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select (select count(*) from accounts) - (select count(*) from users)")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Finds by a part; how many of the first twenty. */
    int find(String part) throws SQLException {
        search.setString(1, "%" + part + "%");
        int found = 0;
        try (ResultSet row = search.executeQuery()) {
            while (row.next()) {
                found++;
            }
        }
        return found;
    }

    /** How many people have it, all of them counted. */
    long count(String part) throws SQLException {
        try (PreparedStatement count =
                connection.prepareStatement("select count(*) from accounts where phone like ?")) {
            count.setString(1, "%" + part + "%");
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Makes a trigram index; false if the server has no pg_trgm. */
    boolean index() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create extension if not exists pg_trgm");
            statement.execute("create index bench_phone on accounts using gin (phone gin_trgm_ops)");
            statement.execute("analyze accounts");
            return true;
        } catch (SQLException e) {
            System.err.println("no trigram index: " + e.getMessage());
            return false;
        }
    }

    /** Fresh statistics, and no index from an earlier run. */
    void analyze() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop index if exists bench_phone");
            statement.execute("vacuum analyze accounts");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
