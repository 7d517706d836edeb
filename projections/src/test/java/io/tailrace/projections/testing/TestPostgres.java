package io.tailrace.projections.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Server;
import io.tailrace.migrations.Schema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL server for all tests of a JVM; each test takes a database of its own, with the schema. */
public final class TestPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final TestPostgres SHARED = new TestPostgres();

    /** A database with the schema that nobody is connected to, so that others are copied from it. */
    private static final String TEMPLATE = "template_with_schema";

    private final Server server = Backends.chosen().postgres();
    private boolean hasTemplate;

    private TestPostgres() {}

    /** The one server of this JVM. */
    public static TestPostgres shared() {
        return SHARED;
    }

    /** A new database with the schema. */
    public synchronized Database database() {
        if (!hasTemplate) {
            at("postgres").execute("create database " + TEMPLATE);
            Schema.migrate(at(TEMPLATE).url(), "postgres", "");
            hasTemplate = true;
        }
        String name = "projections_" + DATABASES.incrementAndGet();
        at("postgres").execute("create database " + name + " template " + TEMPLATE);
        return at(name);
    }

    /** Stops the server, which ends its connections. */
    public void stop() {
        server.stop();
    }

    /** Starts the server again with its data, at the same port. */
    public void start() {
        server.start();
    }

    private Database at(String name) {
        return new Database("jdbc:postgresql://" + server.address() + "/" + name + "?user=postgres");
    }

    /**
     * A database of the server.
     *
     * @param url with the user
     */
    public record Database(String url) {
        /** New connections to it. */
        public DataSource dataSource() {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(url);
            return dataSource;
        }

        /** Runs a statement. */
        public void execute(String sql) {
            try (Connection connection = dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }

        /** The rows of a query, columns joined by {@code '|'}. */
        public List<String> rows(String sql) {
            try (Connection connection = dataSource().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                List<String> found = new ArrayList<>();
                while (rows.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        columns.add(String.valueOf(rows.getString(i)));
                    }
                    found.add(String.join("|", columns));
                }
                return found;
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }

        /** The one value of a query that gives one number. */
        public long number(String sql) {
            return Long.parseLong(rows(sql).getFirst());
        }
    }
}
