package io.tailrace.ingest.erasure.check;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Has PostgreSQL take out of its files what it has deleted. A deleted row stays in its page until that is used again, a value
 * of a column in the statistics of the planner, and all of it in the write-ahead log, whose segments are used again as they
 * are. Each table is locked while it is written anew, and needs its size on the disk once more.
 *
 * <p>Needs a superuser, for the statistics and the log.
 */
final class TableFiles {
    private static final String TABLES =
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables"
                    + " where schemaname not in ('pg_catalog', 'information_schema') order by 1";

    private static final String FORGET_STATISTICS =
            "delete from pg_catalog.pg_statistic where starelid in (select oid from pg_class"
                    + " where relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace))";

    /** Of the log, behind the one that is written to: they have what was in them when they were used before. */
    private static final String REUSED = "select count(*) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name >"
            + " pg_walfile_name(pg_current_wal_lsn())";

    /** Segments of the log that are filled with nothing at most: 16 GiB of 16 MiB each. */
    private static final int MAX_SEGMENTS = 1_024;

    private final String url;
    private final String user;
    private final String password;

    TableFiles(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** Does it; blocks for as long as it takes to write all tables. */
    void writeAnew() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            for (String table : tables(statement)) {
                statement.execute("vacuum full " + table);
            }
            // Of an empty table nothing would be analyzed, and what was known of it would stay.
            statement.execute(FORGET_STATISTICS);
            statement.execute("vacuum full pg_catalog.pg_statistic");
            statement.execute("analyze");
            statement.execute("alter system set wal_recycle = off");
            try {
                statement.execute("select pg_reload_conf()");
                // Deletes the segments that were written, instead of keeping them to be used again.
                statement.execute("checkpoint");
                long reused = Math.min(count(statement), MAX_SEGMENTS);
                for (long segment = 0; segment <= reused; segment++) {
                    statement.execute("select pg_create_restore_point('erase')");
                    statement.execute("select pg_switch_wal()");
                }
                statement.execute("checkpoint");
            } finally {
                statement.execute("alter system reset wal_recycle");
                statement.execute("select pg_reload_conf()");
            }
        }
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    private static long count(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(REUSED)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
