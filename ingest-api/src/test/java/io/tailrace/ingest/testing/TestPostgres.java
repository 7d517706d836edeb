package io.tailrace.ingest.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Server;
import io.tailrace.migrations.Schema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One real PostgreSQL server; every database in it has the schema. It dies with the JVM. Thread-safe. */
public final class TestPostgres {
    private static final class Only {
        static final Server SERVER = Backends.chosen().postgres();
    }

    private static final class Shared {
        static final TestPostgres DATABASE = create();
    }

    /** A database with the schema that nobody is connected to, so that others are copied from it. */
    private static final class Template {
        static final String NAME = create();

        private static String create() {
            String name = "template_with_schema";
            new TestPostgres("postgres").update("create database " + name);
            var unused = Schema.migrate(new TestPostgres(name).url(), "postgres", "");
            return name;
        }
    }

    private final String name;

    private TestPostgres(String name) {
        this.name = name;
    }

    /** The database that most tests share. */
    public static TestPostgres shared() {
        return Shared.DATABASE;
    }

    /** A database of its own, for a test that must see all of it. */
    public static TestPostgres create() {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        new TestPostgres("postgres").update("create database " + name + " template " + Template.NAME);
        return new TestPostgres(name);
    }

    /** Its JDBC URL; the user is {@code postgres}, without a password. */
    public String url() {
        return "jdbc:postgresql://" + Only.SERVER.address() + "/" + name;
    }

    /** Runs a statement and gives how many rows it touched. */
    public int update(String sql, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "");
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of a query's rows, as text. */
    public List<String> column(String sql, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "");
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<String> column = new ArrayList<>();
            while (rows.next()) {
                column.add(String.valueOf(rows.getString(1)));
            }
            return column;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
