package io.tailrace.workers.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Server;
import io.tailrace.migrations.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL server for all tests of a JVM. Thread-safe. */
public final class TestPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final class Only {
        static final Server SERVER = Backends.chosen().postgres();
    }

    private TestPostgres() {}

    /** The URL of a new database with the schema. */
    public static String newDatabase() throws SQLException {
        String name = "workers_" + DATABASES.incrementAndGet();
        PGSimpleDataSource postgres = new PGSimpleDataSource();
        postgres.setUrl(url("postgres"));
        try (Connection connection = postgres.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        Schema.migrate(url(name), "postgres", "");
        return url(name);
    }

    private static String url(String database) {
        return "jdbc:postgresql://" + Only.SERVER.address() + "/" + database + "?user=postgres";
    }
}
