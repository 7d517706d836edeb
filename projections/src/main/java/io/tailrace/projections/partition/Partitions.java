package io.tailrace.projections.partition;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements about partitions. Stateless: what there is is asked anew each time, because others make and drop partitions, too. */
public final class Partitions {
    private static final String MISSING =
            "select name from unnest(?::text[]) as wanted (name) where to_regclass(name) is null";

    private static final String ALL =
            """
            select child.relname from pg_inherits
            join pg_class child on child.oid = inhrelid
            where inhparent = to_regclass(?) and left(child.relname, length(?)) = ? order by 1
            """;

    /** Readers of the table wait behind a drop that waits for others. */
    private static final String BE_PATIENT = "set local lock_timeout = '2s'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private Partitions() {}

    /** PostgreSQL's time of the transaction. */
    public static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select now()")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** Makes those that are missing, in the transaction of the connection. Readers wait until that is over. */
    public static void make(Connection connection, Collection<TimePartition> partitions) throws SQLException {
        Map<String, TimePartition> byName = new HashMap<>();
        partitions.forEach(partition -> byName.put(partition.name(), partition));
        try (Statement statement = connection.createStatement()) {
            for (String name : missing(connection, List.copyOf(byName.keySet()))) {
                TimePartition partition = byName.get(name);
                if (partition != null) {
                    statement.execute("create table if not exists " + name + " partition of " + partition.table()
                            + " for values from (" + partition.from() + ") to (" + partition.to() + ")");
                }
            }
        }
    }

    private static List<String> missing(Connection connection, List<String> names) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(MISSING)) {
            select.setArray(1, connection.createArrayOf("text", names.toArray()));
            return names(select);
        }
    }

    /**
     * Drops the partitions of a table whose last row is older than {@code retention}, each in a transaction of its own.
     *
     * @param prefix what the names of those begin with that are looked at
     * @param lengthMs how much time each covers, in milliseconds
     * @return how many
     */
    public static int dropOlder(Connection connection, String table, String prefix, long lengthMs, Duration retention)
            throws SQLException {
        connection.setAutoCommit(false);
        long endMs = now(connection).toEpochMilli() - retention.toMillis();
        int dropped = 0;
        for (String name : all(connection, table, prefix)) {
            if (TimePartition.startMs(name) + lengthMs <= endMs && drop(connection, name)) {
                dropped++;
            }
        }
        connection.commit();
        return dropped;
    }

    private static List<String> all(Connection connection, String table, String prefix) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ALL)) {
            select.setString(1, table);
            select.setString(2, prefix);
            select.setString(3, prefix);
            return names(select);
        }
    }

    /** Whether it was dropped: if somebody reads for long, the next turn tries again. */
    private static boolean drop(Connection connection, String name) throws SQLException {
        connection.commit();
        try (Statement statement = connection.createStatement()) {
            statement.execute(BE_PATIENT);
            statement.execute("drop table if exists " + name);
            connection.commit();
            return true;
        } catch (SQLException e) {
            connection.rollback();
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private static List<String> names(PreparedStatement select) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
