package io.tailrace.workers.testing;

import io.tailrace.migrations.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL server for all tests of a JVM; each test takes a database of its own, with the schema. */
public final class TestPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final TestPostgres SHARED = new TestPostgres();

    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    private TestPostgres() {
        try {
            data = Files.createTempDirectory("tailrace-workers-test-pg");
            server = builder(data).start();
            port = server.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    /** The one server of this JVM. */
    public static TestPostgres shared() {
        return SHARED;
    }

    /** A new database with the schema. */
    public Database database() {
        String name = "workers_" + DATABASES.incrementAndGet();
        Database database = new Database("jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=postgres");
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        Schema.migrate(database.url(), "postgres", "");
        return database;
    }

    /** Stops the server at once, as a crash of it would. */
    public synchronized void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server again with its data, at the same port. */
    public synchronized void start() {
        try {
            server = builder(data).setPort(port).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        stop();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres.Builder builder(Path data) {
        // Stopping keeps the data, so that a restart finds them.
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("max_connections", "200");
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
