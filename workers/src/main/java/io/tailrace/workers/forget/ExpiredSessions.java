package io.tailrace.workers.forget;

import io.micronaut.jdbc.DataSourceResolver;
import io.tailrace.workers.WorkersPool;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Refresh tokens that have expired, and ended families of which none is left. Of no use to anybody, so nothing is urgent about them. Each
 * call is a transaction of its own. Thread-safe.
 */
@Singleton
final class ExpiredSessions {
    private static final String TOKENS = "delete from refresh_tokens where ctid in"
            + " (select ctid from refresh_tokens where expires_at < now() limit ?)";

    private static final String FAMILIES = "delete from revoked_families where family in (select r.family from"
            + " revoked_families r where not exists (select from refresh_tokens t where t.family = r.family) limit ?)";

    private final DataSource database;

    @Inject
    ExpiredSessions(@Named(WorkersPool.NAME) DataSource pool, @Nullable DataSourceResolver resolver) {
        this(WorkersPool.plain(pool, resolver));
    }

    ExpiredSessions(DataSource database) {
        this.database = database;
    }

    /** Deletes some tokens; how many. */
    int deleteTokens(int limit) throws SQLException {
        return delete(TOKENS, limit);
    }

    /** Deletes some families; how many. */
    int deleteFamilies(int limit) throws SQLException {
        return delete(FAMILIES, limit);
    }

    private int delete(String sql, int limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setInt(1, limit);
            return delete.executeUpdate();
        }
    }
}
