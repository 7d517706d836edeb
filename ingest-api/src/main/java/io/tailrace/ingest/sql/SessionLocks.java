package io.tailrace.ingest.sql;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.PGProperty;

/**
 * Advisory locks of PostgreSQL for work that takes long: each on a connection of its own and in no transaction, so that it keeps
 * neither a connection of the pool nor the rows that a vacuum would take. When the process dies, however it dies, the
 * server gives the lock back. Thread-safe; blocks.
 *
 * <p>A connection that breaks while the work is done gives the lock back unawares. Whoever works under such a lock must be able
 * to bear that somebody else does the same a second time.
 */
@Singleton
public final class SessionLocks {
    private static final int CONNECT_TIMEOUT_S = 5;
    private static final int QUERY_TIMEOUT_S = 10;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final DatasourceConfiguration datasource;

    /** Locks in the database of the pool {@value Database#POOL}. */
    public SessionLocks(@Named(Database.POOL) DatasourceConfiguration datasource) {
        this.datasource = datasource;
    }

    /**
     * Does something while no other process can do it.
     *
     * @param number of the lock; who uses it is agreed on elsewhere
     * @return what {@code work} returns; empty if somebody else has the lock
     * @throws ProblemException 503 if the database is away
     */
    public <T> Optional<T> holding(long number, Supplier<T> work) {
        Connection connection = open();
        try {
            if (!tryLock(connection, number)) {
                return Optional.empty();
            }
            try {
                return Optional.of(work.get());
            } finally {
                unlock(connection, number);
            }
        } finally {
            close(connection);
        }
    }

    /** The server would give it back only some time after the connection was closed, and whoever comes before that would not get it. */
    private static void unlock(Connection connection, long number) {
        try (PreparedStatement unlock = connection.prepareStatement("select pg_advisory_unlock(?)")) {
            unlock.setLong(1, number);
            unlock.execute();
        } catch (SQLException e) {
            // A connection that has broken has no lock any more, or loses it when it is closed.
        }
    }

    private static boolean tryLock(Connection connection, long number) {
        try (PreparedStatement lock = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            lock.setLong(1, number);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private Connection open() {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, datasource.getUsername());
        PGProperty.PASSWORD.set(properties, datasource.getPassword());
        PGProperty.APPLICATION_NAME.set(properties, "ingest-api lock");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_S);
        PGProperty.SOCKET_TIMEOUT.set(properties, QUERY_TIMEOUT_S);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        try {
            return DriverManager.getConnection(datasource.getUrl(), properties);
        } catch (SQLException e) {
            throw away(e);
        }
    }

    /** With it the lock is given back, also by a connection that did not answer. */
    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static ProblemException away(SQLException e) {
        return ProblemException.unavailable("The database is away", RETRY_AFTER, e);
    }
}
