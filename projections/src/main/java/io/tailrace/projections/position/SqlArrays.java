package io.tailrace.projections.position;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds columns of a batch as the arrays of one {@code unnest(…)}, in the order of the calls: any number of rows in one
 * statement, whose text is always the same and stays prepared.
 */
public final class SqlArrays {
    private final Connection connection;
    private final PreparedStatement statement;
    private int next = 1;

    /** Binds from the statement's first parameter on. */
    public SqlArrays(Connection connection, PreparedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    /** Binds a column of type {@code uuid}. */
    public <T> void uuids(List<T> rows, Function<T, UUID> column) throws SQLException {
        bind("uuid", rows.stream().map(column).toArray());
    }

    /** Binds a column of type {@code text}. */
    public <T> void texts(List<T> rows, Function<T, @Nullable String> column) throws SQLException {
        bind("text", rows.stream().map(column).toArray());
    }

    /** Binds a column of type {@code int}. */
    public <T> void ints(List<T> rows, Function<T, @Nullable Integer> column) throws SQLException {
        bind("int4", rows.stream().map(column).toArray());
    }

    /** Binds a column of type {@code bigint}. */
    public <T> void longs(List<T> rows, Function<T, Long> column) throws SQLException {
        bind("int8", rows.stream().map(column).toArray());
    }

    /** Binds a column of type {@code double precision}. */
    public <T> void doubles(List<T> rows, Function<T, @Nullable Double> column) throws SQLException {
        bind("float8", rows.stream().map(column).toArray());
    }

    /** Binds a column of type {@code boolean}. */
    public <T> void booleans(List<T> rows, Function<T, Boolean> column) throws SQLException {
        bind("bool", rows.stream().map(column).toArray());
    }

    /** Binds a column of type {@code timestamptz}; the nanoseconds below a microsecond are dropped. */
    public <T> void instants(List<T> rows, Function<T, @Nullable Instant> column) throws SQLException {
        // As text: the driver's own mapping goes through java.sql.Timestamp and the JVM's time zone.
        bind("text", rows.stream().map(column).map(SqlArrays::text).toArray());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MICROS).toString();
    }

    private void bind(String type, @Nullable Object[] values) throws SQLException {
        statement.setArray(next++, connection.createArrayOf(type, values));
    }
}
