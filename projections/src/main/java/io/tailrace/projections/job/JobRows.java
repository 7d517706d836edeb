package io.tailrace.projections.job;

import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.projections.job.JobFold.AttemptRow;
import io.tailrace.projections.job.JobFold.JobRow;
import io.tailrace.projections.job.JobFold.Minute;
import io.tailrace.projections.job.JobFold.Tally;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the tables {@code jobs}, {@code job_attempts}, {@code job_counts}, {@code job_minutes} and {@code job_queues}. The counts
 * are right because each event is applied once, with the position that stands for it.
 */
public final class JobRows implements Rows<JobChange> {
    /**
     * The rows that were there are locked before they are counted: the trim may be deleting one of them, and counts it as gone
     * itself. The insert asks for them, because otherwise it would be the first part of the statement to run, and they would be what it
     * has made of them.
     */
    private static final String UPSERT_JOBS =
            """
            with changed as (
                select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::int[], ?::timestamptz[], ?::int[], ?::int[],
                        ?::int[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[],
                        ?::text[], ?::int[], ?::double precision[], ?::text[])
                    as changed (id, queue, type, state, priority, run_at, attempt, max_attempts, timeout_seconds, limit_key,
                        unique_key, enqueued_at, started_at, finished_at, worker, payload, result, progress_attempt,
                        progress_fraction, progress_message)),
            before as materialized (
                select id, queue, type, state from jobs where id in (select id from changed) order by id for update),
            counted as (
                insert into job_counts (queue, type, state, jobs)
                select queue, type, state, sum(n) from (
                        select queue, type, state, 1 as n from changed union all select queue, type, state, -1 from before) as each
                group by queue, type, state having sum(n) <> 0 order by queue, type, state
                on conflict (queue, type, state) do update set jobs = job_counts.jobs + excluded.jobs)
            insert into jobs (id, queue, type, state, priority, run_at, attempt, max_attempts, timeout_seconds, limit_key, unique_key,
                enqueued_at, started_at, finished_at, worker, payload, result, progress_attempt, progress_fraction, progress_message)
            select * from changed where (select count(*) from before) >= 0
            on conflict (id) do update set
                state = excluded.state,
                run_at = excluded.run_at,
                attempt = excluded.attempt,
                started_at = excluded.started_at,
                finished_at = excluded.finished_at,
                worker = excluded.worker,
                payload = coalesce(excluded.payload, jobs.payload),
                result = coalesce(excluded.result, jobs.result),
                progress_attempt = coalesce(excluded.progress_attempt, jobs.progress_attempt),
                progress_fraction = case when excluded.progress_attempt is null
                    then jobs.progress_fraction else excluded.progress_fraction end,
                progress_message = case when excluded.progress_attempt is null
                    then jobs.progress_message else excluded.progress_message end
            """;

    /** An attempt that has an outcome keeps it. */
    private static final String UPSERT_ATTEMPTS =
            """
            insert into job_attempts (job_id, attempt, worker, started_at, ended_at, outcome, error_type, error_message)
            select * from unnest(
                ?::uuid[], ?::int[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::text[])
            on conflict (job_id, attempt) do update set
                worker = excluded.worker,
                started_at = excluded.started_at,
                ended_at = excluded.ended_at,
                outcome = excluded.outcome,
                error_type = excluded.error_type,
                error_message = excluded.error_message
            where job_attempts.outcome is null
            """;

    private static final String ADD_MINUTES =
            """
            insert into job_minutes (queue, minute, enqueued, started, succeeded, failed, dead, cancelled)
            select * from unnest(?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::bigint[])
            on conflict (queue, minute) do update set
                enqueued = job_minutes.enqueued + excluded.enqueued,
                started = job_minutes.started + excluded.started,
                succeeded = job_minutes.succeeded + excluded.succeeded,
                failed = job_minutes.failed + excluded.failed,
                dead = job_minutes.dead + excluded.dead,
                cancelled = job_minutes.cancelled + excluded.cancelled
            """;

    private static final String UPSERT_QUEUES =
            """
            insert into job_queues
                (queue, paused, concurrency, rate_per_second, key_concurrency, key_rate_per_second, changed_at)
            select * from unnest(?::text[], ?::boolean[], ?::int[], ?::double precision[], ?::int[], ?::double precision[],
                ?::timestamptz[])
            on conflict (queue) do update set
                paused = excluded.paused,
                concurrency = excluded.concurrency,
                rate_per_second = excluded.rate_per_second,
                key_concurrency = excluded.key_concurrency,
                key_rate_per_second = excluded.key_rate_per_second,
                changed_at = excluded.changed_at
            """;

    private final Consumer<JobChange> listener;

    /**
     * Rows.
     *
     * @param listener is told each change after it is committed; must not block or throw
     */
    public JobRows(Consumer<JobChange> listener) {
        this.listener = listener;
    }

    @Override
    public List<String> tables() {
        return List.of("jobs", "job_attempts", "job_counts", "job_minutes", "job_queues");
    }

    @Override
    public void write(Connection connection, List<JobChange> changes) throws SQLException {
        JobFold fold = new JobFold();
        List<JobChange.Queue> queues = new ArrayList<>();
        for (JobChange change : changes) {
            switch (change) {
                case JobChange.Happened(JobEvent event) -> fold.add(event);
                case JobChange.Queue queue -> queues.add(queue);
            }
        }
        if (!fold.jobs().isEmpty()) {
            jobs(connection, fold.jobs());
            minutes(connection, fold);
        }
        if (!fold.attempts().isEmpty()) {
            attempts(connection, fold.attempts());
        }
        if (!queues.isEmpty()) {
            queues(
                    connection,
                    List.copyOf(LastChanges.by(change -> change.queue().queue(), queues)));
        }
    }

    @Override
    public void committed(List<JobChange> changes) {
        changes.forEach(listener);
    }

    private static void jobs(Connection connection, List<JobRow> rows) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT_JOBS)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.uuids(rows, row -> row.job().id());
            arrays.texts(rows, row -> row.job().queue());
            arrays.texts(rows, row -> row.job().type());
            arrays.texts(rows, row -> row.job().state());
            arrays.ints(rows, row -> row.job().priority());
            arrays.instants(rows, row -> row.job().runAt());
            arrays.ints(rows, row -> row.job().attempt());
            arrays.ints(rows, row -> row.job().maxAttempts());
            arrays.ints(rows, row -> row.job().timeoutSeconds());
            arrays.texts(rows, row -> row.job().key());
            arrays.texts(rows, row -> row.job().uniqueKey());
            arrays.instants(rows, row -> row.job().enqueuedAt());
            arrays.instants(rows, row -> row.job().startedAt());
            arrays.instants(rows, row -> row.job().finishedAt());
            arrays.texts(rows, row -> row.job().worker());
            arrays.texts(rows, JobRow::payload);
            arrays.texts(rows, JobRow::result);
            arrays.ints(rows, JobRow::progressAttempt);
            arrays.doubles(
                    rows, row -> row.progress() == null ? null : row.progress().fraction());
            arrays.texts(
                    rows, row -> row.progress() == null ? null : row.progress().message());
            upsert.executeUpdate();
        }
    }

    private static void attempts(Connection connection, List<AttemptRow> rows) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT_ATTEMPTS)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.uuids(rows, AttemptRow::jobId);
            arrays.ints(rows, AttemptRow::attempt);
            arrays.texts(rows, AttemptRow::worker);
            arrays.instants(rows, AttemptRow::startedAt);
            arrays.instants(rows, AttemptRow::endedAt);
            arrays.texts(rows, AttemptRow::outcome);
            arrays.texts(rows, row -> row.error() == null ? null : row.error().type());
            arrays.texts(rows, row -> row.error() == null ? null : row.error().message());
            upsert.executeUpdate();
        }
    }

    private static void minutes(Connection connection, JobFold fold) throws SQLException {
        List<Minute> minutes = fold.minutes();
        List<Tally> tallies = List.copyOf(fold.tallies());
        try (PreparedStatement add = connection.prepareStatement(ADD_MINUTES)) {
            SqlArrays arrays = new SqlArrays(connection, add);
            arrays.texts(minutes, Minute::queue);
            arrays.instants(minutes, Minute::minute);
            arrays.longs(tallies, Tally::enqueued);
            arrays.longs(tallies, Tally::started);
            arrays.longs(tallies, Tally::succeeded);
            arrays.longs(tallies, Tally::failed);
            arrays.longs(tallies, Tally::dead);
            arrays.longs(tallies, Tally::cancelled);
            add.executeUpdate();
        }
    }

    private static void queues(Connection connection, List<JobChange.Queue> rows) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT_QUEUES)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.texts(rows, row -> row.queue().queue());
            arrays.booleans(rows, row -> row.queue().paused());
            arrays.ints(rows, row -> limits(row).concurrency());
            arrays.doubles(rows, row -> limits(row).ratePerSecond());
            arrays.ints(rows, row -> limits(row).keyConcurrency());
            arrays.doubles(rows, row -> limits(row).keyRatePerSecond());
            arrays.instants(rows, JobChange.Queue::at);
            upsert.executeUpdate();
        }
    }

    private static QueueLimits limits(JobChange.Queue row) {
        return row.queue().limits();
    }
}
