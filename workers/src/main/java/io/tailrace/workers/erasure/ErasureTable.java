package io.tailrace.workers.erasure;

import io.micronaut.jdbc.DataSourceResolver;
import io.tailrace.workers.WorkersPool;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table {@code erasures}, whose rows ingest-api moves on. Each call is a transaction of its own. Thread-safe. */
@Singleton
final class ErasureTable {
    /** What is left to do is in the log alone, behind tombstones: nobody can read anything any more. */
    static final String COMPACTING = "compacting";

    /** Nothing is left to do. */
    static final String DONE = "done";

    private final DataSource database;

    @Inject
    ErasureTable(@Named(WorkersPool.NAME) DataSource pool, @Nullable DataSourceResolver resolver) {
        this(WorkersPool.plain(pool, resolver));
    }

    ErasureTable(DataSource database) {
        this.database = database;
    }

    /**
     * Begins an erasure as the person themselves would; one that has begun goes on.
     *
     * @return its id
     */
    UUID request(UUID person, UUID erasure) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("select request_erasure(?, ?)")) {
            select.setObject(1, person);
            select.setObject(2, erasure);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getObject(1, UUID.class);
            }
        }
    }

    /** The state of an erasure; one that nobody knows any more was done. */
    String state(UUID erasure) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("select state from erasures where id = ?")) {
            select.setObject(1, erasure);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : DONE;
            }
        }
    }
}
