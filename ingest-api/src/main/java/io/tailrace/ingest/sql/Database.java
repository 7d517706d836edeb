package io.tailrace.ingest.sql;

import io.micronaut.transaction.TransactionOperations;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL as this service uses it: a query either has its result, or the request is answered 503 because the database
 * is away, or the query is wrong (500). Waiting is bounded by the pool's and the driver's timeouts. Thread-safe.
 */
@Singleton
public final class Database {
    /** The name of the pool, so that a composition with other services does not share it. */
    public static final String POOL = "ingest";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final TransactionOperations<Connection> transactions;

    /** Over the pool {@value #POOL}. */
    public Database(@Named(POOL) TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /**
     * Runs queries, each in a transaction of its own.
     *
     * @throws ProblemException 503 if the database is away
     */
    public <T> T call(Supplier<T> queries) {
        try {
            return queries.get();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /** Statements on a connection. */
    @FunctionalInterface
    public interface Reads<T> {
        /** Runs them. */
        T on(Connection connection) throws SQLException;
    }

    /**
     * Runs statements that only read, in one transaction: for those of which Micronaut Data makes too many objects.
     *
     * @throws ProblemException 503 if the database is away
     */
    public <T> T read(Reads<T> reads) {
        try {
            return transactions.executeRead(status -> on(status.getConnection(), reads));
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    private static <T> T on(Connection connection, Reads<T> reads) {
        try {
            return reads.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("a query failed", e);
        }
    }

    /**
     * Runs queries in one transaction, which is rolled back if {@code queries} throws. All or nothing has happened when
     * this returns or throws, but for one case: a connection that breaks while it commits.
     *
     * @throws ProblemException 503 if the database is away
     */
    public <T> T inTransaction(Supplier<T> queries) {
        try {
            return transactions.executeWrite(status -> queries.get());
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    private static RuntimeException translated(RuntimeException e) {
        if (e instanceof ProblemException || !isAway(e)) {
            return e;
        }
        LOG.warn("PostgreSQL is away: {}", e.toString());
        return ProblemException.unavailable("The database is away", RETRY_AFTER, e);
    }

    /**
     * Whether a fault means that the server cannot be reached or refuses work: SQLSTATE classes 08 (connection), 53
     * (insufficient resources) and 57 (operator intervention, as on shutdown), and the pool's own timeout. A fault without a
     * state is the pool's, too: the connection broke between two uses, and the driver was not asked any more.
     */
    private static boolean isAway(Throwable fault) {
        int depth = 0;
        for (Throwable t = fault; t != null && depth < 16; t = t.getCause(), depth++) {
            if (t instanceof SQLTransientException) {
                return true;
            }
            if (t instanceof SQLException sql) {
                String state = sql.getSQLState();
                return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
            }
        }
        return false;
    }
}
