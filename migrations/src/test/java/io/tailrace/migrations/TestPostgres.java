package io.tailrace.migrations;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Server;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL server for all tests of this module; each test takes an empty database of it. */
final class TestPostgres {
    private static final Server SERVER = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestPostgres() {}

    /** A new empty database, owned by a role of its own. */
    static DatabaseAddress emptyDatabase() throws SQLException {
        String name = "test_" + DATABASES.incrementAndGet();
        try (Connection connection = superuser(SERVER);
                Statement statement = connection.createStatement()) {
            statement.execute("create role " + name + " login password 'right'");
            statement.execute("create database " + name + " owner " + name);
        }
        return new DatabaseAddress("jdbc:postgresql://" + SERVER.address() + "/" + name, name, "right");
    }

    static Connection connect(DatabaseAddress database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    /** The first column of every row. */
    static List<String> column(DatabaseAddress database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    static void execute(DatabaseAddress database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Server start() {
        Server server = Backends.chosen().postgres();
        try {
            askForPasswords(server);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server;
    }

    private static Connection superuser(Server server) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + server.address() + "/postgres", "postgres", "");
    }

    /** The server trusts everybody; here only its superuser is let in without a password. */
    private static void askForPasswords(Server server) throws SQLException {
        try (Connection connection = superuser(server);
                Statement statement = connection.createStatement()) {
            // The server writes the file itself, wherever it runs.
            statement.execute("copy (values ('host all postgres all trust'), ('host all all all scram-sha-256')) to '"
                    + text(statement, "show hba_file") + "'");
            String before = text(statement, "select pg_conf_load_time()");
            String reloaded = text(statement, "select pg_reload_conf()");
            // A backend is told of new rules before its postmaster accepts the next connection under them.
            for (int polls = 0; text(statement, "select pg_conf_load_time()").equals(before); polls++) {
                if (polls == 1_000_000) {
                    throw new IllegalStateException("the server did not read its rules: " + reloaded);
                }
            }
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
