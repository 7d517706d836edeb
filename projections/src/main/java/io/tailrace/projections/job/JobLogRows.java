package io.tailrace.projections.job;

import io.tailrace.contracts.job.JobEvents.JobLogged;
import io.tailrace.contracts.job.JobLogLine;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Writes the tables {@code job_log_lines} and {@code job_log_drops}. */
public final class JobLogRows implements Rows<JobLogChange> {
    private static final String ADD_LINES =
            """
            insert into job_log_lines (job_id, attempt, line, at, level, text)
            select * from unnest(?::uuid[], ?::int[], ?::int[], ?::timestamptz[], ?::text[], ?::text[])
            on conflict (job_id, attempt, line) do nothing
            """;

    private static final String UPSERT_DROPS =
            """
            insert into job_log_drops (job_id, attempt, dropped, at)
            select * from unnest(?::uuid[], ?::int[], ?::int[], ?::timestamptz[])
            on conflict (job_id, attempt) do update set dropped = greatest(job_log_drops.dropped, excluded.dropped)
            """;

    private record Line(UUID job, int attempt, JobLogLine line) {}

    private record Key(UUID job, int attempt) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byJob = job.compareTo(other.job);
            return byJob == 0 ? Integer.compare(attempt, other.attempt) : byJob;
        }
    }

    private record Drop(Key key, int dropped, Instant at) {}

    @Override
    public List<String> tables() {
        return List.of("job_log_lines", "job_log_drops");
    }

    @Override
    public void write(Connection connection, List<JobLogChange> changes) throws SQLException {
        List<Line> lines = new ArrayList<>();
        Map<Key, Drop> drops = new TreeMap<>();
        for (JobLogChange change : changes) {
            JobLogged logged = change.logged();
            logged.lines().forEach(line -> lines.add(new Line(logged.jobId(), logged.attempt(), line)));
            if (logged.dropped() > 0) {
                Key key = new Key(logged.jobId(), logged.attempt());
                drops.merge(
                        key,
                        new Drop(key, logged.dropped(), change.at()),
                        (before, after) -> before.dropped() > after.dropped() ? before : after);
            }
        }
        if (!lines.isEmpty()) {
            add(connection, lines);
        }
        if (!drops.isEmpty()) {
            upsert(connection, List.copyOf(drops.values()));
        }
    }

    private static void add(Connection connection, List<Line> rows) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD_LINES)) {
            SqlArrays arrays = new SqlArrays(connection, add);
            arrays.uuids(rows, Line::job);
            arrays.ints(rows, Line::attempt);
            arrays.ints(rows, row -> row.line().line());
            arrays.instants(rows, row -> row.line().at());
            arrays.texts(rows, row -> row.line().level());
            arrays.texts(rows, row -> storable(row.line().text()));
            add.executeUpdate();
        }
    }

    private static void upsert(Connection connection, List<Drop> rows) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT_DROPS)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.uuids(rows, row -> row.key().job());
            arrays.ints(rows, row -> row.key().attempt());
            arrays.ints(rows, Drop::dropped);
            arrays.instants(rows, Drop::at);
            upsert.executeUpdate();
        }
    }

    /** PostgreSQL keeps neither U+0000 nor halves of surrogate pairs. */
    private static String storable(String text) {
        byte[] bytes = text.replace('\0', '\ufffd').getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
