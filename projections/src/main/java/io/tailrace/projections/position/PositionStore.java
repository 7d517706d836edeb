package io.tailrace.projections.position;

import io.tailrace.kit.consume.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies batches of one projection to PostgreSQL: its rows and its positions change in one transaction or not at all.
 *
 * <p>{@code projection_positions.next_offset} means: every record below it is applied. Two instances that both believe to
 * own a partition cannot apply a record twice: a batch names the position that it begins at, and only one of the two
 * finds it in the database. Thread-safe.
 *
 * @param <C> the projection's changes
 */
public final class PositionStore<C> implements Store<C> {
    private static final Logger LOG = LoggerFactory.getLogger(PositionStore.class);

    private static final String SELECT =
            """
            select partition, next_offset, leader_epoch, generation from projection_positions where projection = ? and topic = ?
            """;

    private static final String INSERT =
            """
            insert into projection_positions (projection, topic, partition, next_offset, generation)
            values (?, ?, ?, 0, ?) on conflict do nothing
            """;

    private static final String ADVANCE =
            """
            update projection_positions set next_offset = ?, leader_epoch = ?, updated_at = now()
            where projection = ? and topic = ? and partition = ? and generation = ? and next_offset = ?
            """;

    /** Of an SQL state: data exception, integrity constraint violation. Trying again would not help. */
    private static final List<String> REFUSALS = List.of("22", "23");

    private static final Executor SAME_THREAD = Runnable::run;

    private final DataSource dataSource;
    private final Copy<C> copy;
    private final int timeoutMs;

    /**
     * A store.
     *
     * @param dataSource gives connections; a new one for each transaction
     * @param copy what is stored
     * @param timeoutMs the longest silence of PostgreSQL within a transaction, in milliseconds, before it counts as away
     */
    public PositionStore(DataSource dataSource, Copy<C> copy, int timeoutMs) {
        this.dataSource = dataSource;
        this.copy = copy;
        this.timeoutMs = timeoutMs;
    }

    /**
     * {@inheritDoc}
     *
     * <p>With no position at all, or one of another generation of the topic, the projection is rebuilt: its tables are
     * emptied and every position becomes zero. Rows of a log that no longer exists must not mix with those of the
     * present one, and a person who was erased must not survive because compaction has dropped the tombstone since.
     */
    @Override
    public Positions positions(Source source) throws SQLException {
        return inTransaction(connection -> {
            lock(connection);
            Map<Integer, Stored> stored = stored(connection, source);
            boolean current =
                    stored.values().stream().allMatch(each -> each.generation().equals(source.generation()));
            if (stored.isEmpty() || !current) {
                clear(connection, source);
            }
            if (stored.size() < source.partitions() || !current) {
                create(connection, source);
            }
            return new Positions(at(stored(connection, source)), !current);
        });
    }

    @Override
    public void rebuild(Source source) throws SQLException {
        inTransaction(connection -> {
            lock(connection);
            clear(connection, source);
            create(connection, source);
            return true;
        });
    }

    @Override
    public Application apply(Source source, List<Move> moves, List<C> changes) throws SQLException {
        try {
            Application application = write(source, moves, changes);
            if (application instanceof Application.Applied && !changes.isEmpty()) {
                copy.rows().committed(changes);
            }
            return application;
        } catch (SQLException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            LOG.debug("projection {}: a batch of {} is refused, looking for the culprits", copy.name(), changes.size());
            return findRefused(changes);
        }
    }

    private Application write(Source source, List<Move> moves, List<C> changes) throws SQLException {
        return inTransaction(connection -> {
            // First the positions: the row locks keep a rival out before it has written anything.
            if (!advance(connection, source, moves)) {
                connection.rollback();
                return new Application.Fenced();
            }
            if (!changes.isEmpty()) {
                copy.rows().write(connection, changes);
            }
            return new Application.Applied();
        });
    }

    private boolean advance(Connection connection, Source source, List<Move> moves) throws SQLException {
        try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
            // In one order for everybody, so that two rivals wait for each other and do not deadlock.
            for (Move move : moves.stream()
                    .sorted(Comparator.comparingInt(Move::partition))
                    .toList()) {
                advance.setLong(1, move.to());
                if (move.leaderEpoch() == Position.UNKNOWN_EPOCH) {
                    advance.setNull(2, Types.INTEGER);
                } else {
                    advance.setInt(2, move.leaderEpoch());
                }
                advance.setString(3, copy.name());
                advance.setString(4, source.topic());
                advance.setInt(5, move.partition());
                advance.setString(6, source.generation());
                advance.setLong(7, move.from());
                advance.addBatch();
            }
            for (int updated : advance.executeBatch()) {
                if (updated != 1) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Tries the changes one by one and keeps none. */
    private Application findRefused(List<C> changes) throws SQLException {
        return inTransaction(connection -> {
            Map<Integer, String> reasons = new HashMap<>();
            for (int i = 0; i < changes.size(); i++) {
                Savepoint before = connection.setSavepoint();
                try {
                    copy.rows().write(connection, List.of(changes.get(i)));
                    connection.releaseSavepoint(before);
                } catch (SQLException e) {
                    if (!isRefusal(e)) {
                        throw e;
                    }
                    connection.rollback(before);
                    reasons.put(i, reason(e));
                }
            }
            connection.rollback();
            if (reasons.isEmpty()) {
                throw new SQLException("projection " + copy.name() + ": PostgreSQL refuses a batch of " + changes.size()
                        + " changes, but none of them alone");
            }
            return new Application.Refused(reasons);
        });
    }

    private record Stored(Position position, String generation) {}

    private Map<Integer, Stored> stored(Connection connection, Source source) throws SQLException {
        Map<Integer, Stored> stored = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setString(1, copy.name());
            select.setString(2, source.topic());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Integer leaderEpoch = rows.getObject("leader_epoch", Integer.class);
                    Position position = new Position(
                            rows.getLong("next_offset"), leaderEpoch == null ? Position.UNKNOWN_EPOCH : leaderEpoch);
                    stored.put(rows.getInt("partition"), new Stored(position, rows.getString("generation")));
                }
            }
        }
        return stored;
    }

    private static Map<Integer, Position> at(Map<Integer, Stored> stored) {
        Map<Integer, Position> at = new HashMap<>();
        stored.forEach((partition, each) -> at.put(partition, each.position()));
        return at;
    }

    private void clear(Connection connection, Source source) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from projection_positions where projection = ?")) {
            delete.setString(1, copy.name());
            delete.executeUpdate();
        }
        String tables = String.join(", ", copy.rows().tables());
        try (PreparedStatement truncate = connection.prepareStatement("truncate " + tables)) {
            truncate.executeUpdate();
        }
        LOG.info("projection {}: emptied {}, rebuilding from the start of {}", copy.name(), tables, source.topic());
    }

    private void create(Connection connection, Source source) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int partition = 0; partition < source.partitions(); partition++) {
                insert.setString(1, copy.name());
                insert.setString(2, source.topic());
                insert.setInt(3, partition);
                insert.setString(4, source.generation());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Two instances that begin at the same moment must not empty the tables under each other. */
    private void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, "tailrace.projection." + copy.name());
            lock.execute();
        }
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setNetworkTimeout(SAME_THREAD, timeoutMs);
            connection.setAutoCommit(false);
            try {
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static boolean isRefusal(SQLException e) {
        for (SQLException each = e; each != null; each = each.getNextException()) {
            String state = each.getSQLState();
            if (state != null && REFUSALS.stream().anyMatch(state::startsWith)) {
                return true;
            }
        }
        return false;
    }

    /** The server's own sentence: that of a JDBC batch before it repeats the values. */
    private static String reason(SQLException e) {
        SQLException last = e;
        while (last.getNextException() != null) {
            last = last.getNextException();
        }
        String sentence = String.valueOf(last.getMessage()).lines().findFirst().orElse("");
        return "PostgreSQL refuses it: " + sentence + " (" + last.getSQLState() + ")";
    }

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }
}
