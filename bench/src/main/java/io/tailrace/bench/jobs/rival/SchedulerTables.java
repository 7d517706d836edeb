package io.tailrace.bench.jobs.rival;

import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tailrace.bench.jobs.board.StartBoard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table that db-scheduler works with, and its one task. */
public final class SchedulerTables {
    /** The table, as db-scheduler asks for it, without the index for priorities that are not used. */
    public static final String NAME = "rival_jobs";

    private static final String TASK = "empty";
    private static final List<String> DDL = List.of(
            "create table if not exists " + NAME + " (task_name text not null, task_instance text not null,"
                    + " task_data bytea, execution_time timestamptz not null, picked boolean not null, picked_by text,"
                    + " last_success timestamptz, last_failure timestamptz, consecutive_failures int,"
                    + " last_heartbeat timestamptz, version bigint not null, priority smallint,"
                    + " primary key (task_name, task_instance))",
            "create index if not exists rival_jobs_time on " + NAME + " (execution_time)",
            "create index if not exists rival_jobs_heartbeat on " + NAME + " (last_heartbeat)",
            // An analysis that comes by itself may find the table empty, and what is planned by that walks over all of
            // it.
            "alter table " + NAME + " set (autovacuum_enabled = false)");

    private SchedulerTables() {}

    /** The task whose instances are the jobs; without a board it only names them. */
    public static OneTimeTask<Void> task(@Nullable StartBoard board) {
        return Tasks.oneTime(TASK).execute((instance, context) -> {
            if (board != null) {
                board.start(Integer.parseInt(instance.getId()));
            }
        });
    }

    /** Connections to PostgreSQL; a commit does not wait for the disk, since an acknowledgement of one broker does not either. */
    public static HikariDataSource pool(Map<String, String> environment, int connections) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(environment.get("TAILRACE_POSTGRES_URL"));
        config.setUsername(environment.get("TAILRACE_POSTGRES_USER"));
        config.setPassword(environment.get("TAILRACE_POSTGRES_PASSWORD"));
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(30_000);
        config.setConnectionInitSql("set synchronous_commit = off");
        config.addDataSourceProperty("prepareThreshold", "2");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "rival");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            for (String ddl : DDL) {
                execute(pool, ddl);
            }
        } catch (SQLException e) {
            pool.close();
            throw e;
        }
        return pool;
    }

    /** Writes jobs that are due at even distances within a time, and has PostgreSQL look at what it has then. */
    public static void fill(HikariDataSource pool, int from, int to, long firstMs, long lastMs) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into " + NAME
                        + " (task_name, task_instance, execution_time, picked, version) select ?, n::text,"
                        + " ?::timestamptz + (?::double precision * (n - ?)) * interval '1 ms', false, 1 from"
                        + " generate_series(?, ?) n");
                Statement analyze = connection.createStatement()) {
            insert.setString(1, TASK);
            insert.setTimestamp(2, new Timestamp(firstMs));
            insert.setDouble(3, (double) (lastMs - firstMs) / Math.max(1, to - from));
            insert.setInt(4, from);
            insert.setInt(5, from);
            insert.setInt(6, to - 1);
            insert.executeUpdate();
            analyze.execute("vacuum analyze " + NAME);
        }
    }

    /** Executes a statement. */
    public static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Jobs that are not done. */
    public static long left(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from " + NAME)) {
            count.next();
            return count.getLong(1);
        }
    }
}
