package io.tailrace.ingest.outbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/**
 * The relay's own connection to PostgreSQL. It holds the advisory lock that makes its relay the active one, and all that
 * the relay reads and deletes goes through it: when the lock is lost with the connection, so is the way to go on. That,
 * and waiting for notifications, is why it is not from the pool and not Micronaut Data. For one thread, but for
 * {@link #close()}.
 */
final class OutboxConnection implements AutoCloseable {
    /** Any number that nobody else uses: "tailrace" and "outbox", hashed. */
    private static final long LOCK = 0x7a11_ace0_0b0cL;

    private static final String SELECT =
            """
            select id, event_id, topic, partition, record_key, type, source, subject, time, data
            from outbox where id > ? order by id limit ?""";

    private final Connection connection;

    private OutboxConnection(Connection connection) {
        this.connection = connection;
    }

    /** A stored event and its place in the order of sending. */
    record Row(long id, OutboxEvent event) {}

    /**
     * Connects and asks to be woken.
     *
     * @param queryTimeout after which a server that does not answer is taken for dead
     */
    static OutboxConnection open(String url, String user, String password, Duration queryTimeout) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.APPLICATION_NAME.set(properties, "ingest-api outbox relay");
        PGProperty.CONNECT_TIMEOUT.set(properties, 2);
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) queryTimeout.toSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        Connection connection = DriverManager.getConnection(url, properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + Outbox.WAKE_CHANNEL);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new OutboxConnection(connection);
    }

    /** Whether this is the active relay now; it stays so until it is closed. */
    boolean tryLock() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** The stored events after {@code id}, at most {@code limit}, in their order. */
    List<Row> after(long id, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setLong(1, id);
            statement.setInt(2, limit);
            try (ResultSet result = statement.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row(result));
                }
                return rows;
            }
        }
    }

    private static Row row(ResultSet result) throws SQLException {
        int partition = result.getInt("partition");
        boolean byKey = result.wasNull();
        return new Row(
                result.getLong("id"),
                new OutboxEvent(
                        result.getObject("event_id", UUID.class),
                        result.getString("topic"),
                        byKey ? null : partition,
                        result.getString("record_key"),
                        result.getString("type"),
                        result.getString("source"),
                        result.getString("subject"),
                        result.getObject("time", OffsetDateTime.class).toInstant(),
                        result.getString("data")));
    }

    /** Forgets events that the broker has. */
    void delete(List<Long> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("delete from outbox where id = any (?)")) {
            Array array = connection.createArrayOf("bigint", ids.toArray());
            statement.setArray(1, array);
            statement.executeUpdate();
        }
    }

    /** Returns when a transaction with events has committed since the last call, or {@code timeout} has passed. */
    void awaitWake(Duration timeout) throws SQLException {
        // A timeout of zero would wait for ever.
        int timeoutMs = Math.max(1, (int) timeout.toMillis());
        connection.unwrap(PGConnection.class).getNotifications(timeoutMs);
    }

    /** Ends the lock with the connection. From any thread; a call under way fails. */
    @Override
    public void close() throws SQLException {
        connection.abort(Runnable::run);
    }
}
