package io.tailrace.workers.forget;

import io.micronaut.jdbc.DataSourceResolver;
import io.tailrace.workers.WorkersPool;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The uploads that the copy of the log in PostgreSQL has. Thread-safe; blocks. */
@Singleton
class CopiedUploads {
    private static final String SELECT = "select id from uploads where owner_id = ?";

    private final DataSource database;

    @Inject
    CopiedUploads(@Named(WorkersPool.NAME) DataSource pool, @Nullable DataSourceResolver resolver) {
        this(WorkersPool.plain(pool, resolver));
    }

    CopiedUploads(DataSource database) {
        this.database = database;
    }

    /** Those of somebody. */
    Set<UUID> of(UUID owner) throws SQLException {
        Set<UUID> ids = new HashSet<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setObject(1, owner);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return ids;
    }
}
