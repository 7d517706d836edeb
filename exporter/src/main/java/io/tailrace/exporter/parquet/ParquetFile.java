package io.tailrace.exporter.parquet;

import io.tailrace.exporter.export.Column;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file, in the memory of DuckDB until they are written. Nothing is fetched from the network: DuckDB has Parquet built in, and may
 * install nothing. Confined to one thread.
 */
final class ParquetFile implements AutoCloseable {
    private final List<Column> columns;
    private final DuckDBConnection database;
    private final DuckDBAppender rows;

    /**
     * A file without rows.
     *
     * @param memory the most that DuckDB takes, in MiB
     */
    ParquetFile(List<Column> columns, int memory) throws SQLException {
        this.columns = columns;
        this.database = open(memory);
        try {
            String table = columns.stream()
                    .map(column -> "\"" + column.name() + "\" " + type(column.kind()))
                    .collect(Collectors.joining(", ", "create table rows (", ")"));
            execute(database, table);
            this.rows = database.createAppender("main", "rows");
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    private static DuckDBConnection open(int memory) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("memory_limit", memory + "MiB");
        settings.setProperty("threads", "1");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        return (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
    }

    private static String type(Column.Kind kind) {
        return switch (kind) {
            case INTEGER -> "bigint";
            case REAL -> "double";
            case TEXT -> "varchar";
            case TIME -> "timestamptz";
        };
    }

    /** Adds a row. */
    void add(@Nullable Object[] row) throws SQLException {
        rows.beginRow();
        for (int i = 0; i < columns.size(); i++) {
            Object value = row[i];
            if (value == null) {
                rows.appendNull();
            } else {
                append(columns.get(i).kind(), value);
            }
        }
        rows.endRow();
    }

    private void append(Column.Kind kind, Object value) throws SQLException {
        switch (kind) {
            case INTEGER -> rows.append((long) (Long) value);
            case REAL -> rows.append((double) (Double) value);
            case TEXT -> rows.append((String) value);
            case TIME -> rows.append(OffsetDateTime.ofInstant((Instant) value, ZoneOffset.UTC));
        }
    }

    /** Writes the file. */
    void write(Path file) throws SQLException {
        rows.close();
        execute(database, "copy rows to " + literal(file) + " (format parquet, compression zstd)");
    }

    /** How many rows some files have, which is in their footers. */
    static long rows(List<Path> files) throws SQLException {
        if (files.isEmpty()) {
            return 0;
        }
        String list = files.stream().map(ParquetFile::literal).collect(Collectors.joining(", ", "[", "]"));
        try (Connection database = open(64);
                Statement statement = database.createStatement();
                ResultSet sum = statement.executeQuery(
                        "select coalesce(sum(num_rows), 0)::bigint from parquet_file_metadata(" + list + ")")) {
            sum.next();
            return sum.getLong(1);
        }
    }

    private static String literal(Path file) {
        return "'" + file.toString().replace("'", "''") + "'";
    }

    private static void execute(Connection database, String sql) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
