package io.tailrace.projections.job;

import io.tailrace.contracts.job.JobEvents.QueueCounted;
import io.tailrace.contracts.job.JobEvents.QueueSizes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads how many jobs queues have: some rows of {@code job_counts}, and of {@code jobs} the first of an index. Thread-safe. */
final class QueueSizesTable {
    private static final Executor SAME_THREAD = Runnable::run;

    private static final String SELECT =
            """
            select c.queue,
                coalesce(sum(c.jobs) filter (where c.state = 'scheduled'), 0) as scheduled,
                coalesce(sum(c.jobs) filter (where c.state = 'ready'), 0) as ready,
                coalesce(sum(c.jobs) filter (where c.state = 'running'), 0) as running,
                coalesce(sum(c.jobs) filter (where c.state = 'retrying'), 0) as retrying,
                coalesce(sum(c.jobs) filter (where c.state = 'succeeded'), 0) as succeeded,
                coalesce(sum(c.jobs) filter (where c.state = 'dead'), 0) as dead,
                coalesce(sum(c.jobs) filter (where c.state = 'cancelled'), 0) as cancelled,
                (select min(j.run_at) from jobs j
                    where j.queue = c.queue and j.state in ('scheduled', 'ready', 'retrying')) as oldest
            from job_counts c where ?::text[] is null or c.queue = any (?::text[]) group by c.queue order by c.queue
            """;

    private final DataSource dataSource;
    private final int timeoutMs;

    /**
     * A reader.
     *
     * @param timeoutMs the longest silence of PostgreSQL, in milliseconds, before it counts as away
     */
    QueueSizesTable(DataSource dataSource, int timeoutMs) {
        this.dataSource = dataSource;
        this.timeoutMs = timeoutMs;
    }

    /**
     * Queues by name.
     *
     * @param names which; null for all that have, or had, jobs
     */
    List<QueueCounted> read(@Nullable Collection<String> names) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setNetworkTimeout(SAME_THREAD, timeoutMs);
            connection.setAutoCommit(true);
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                Array array = names == null ? null : connection.createArrayOf("text", names.toArray());
                select.setArray(1, array);
                select.setArray(2, array);
                try (ResultSet rows = select.executeQuery()) {
                    List<QueueCounted> queues = new ArrayList<>();
                    while (rows.next()) {
                        queues.add(row(rows));
                    }
                    return queues;
                }
            }
        }
    }

    private static QueueCounted row(ResultSet row) throws SQLException {
        OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
        return new QueueCounted(
                row.getString("queue"),
                new QueueSizes(
                        row.getLong("scheduled"),
                        row.getLong("ready"),
                        row.getLong("running"),
                        row.getLong("retrying"),
                        row.getLong("succeeded"),
                        row.getLong("dead"),
                        row.getLong("cancelled")),
                oldest == null ? null : oldest.toInstant());
    }
}
