package io.tailrace.projections.trim;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the trim, each a transaction of its own. Ages are by PostgreSQL's clock. Rows that somebody else has locked are
 * left for the next time, so it waits for nobody. Thread-safe; throws {@link SQLException} if PostgreSQL is away.
 */
final class TrimTables {
    /** By the index {@code shows_by_start}. */
    private static final String PAST_SHOWS =
            """
            select id, starts_at from shows
            where starts_at < now() - ? * interval '1 second' and (starts_at, id) > (?::timestamptz, ?)
            order by starts_at, id limit ?
            """;

    /** Of commands to a show that is forgotten or never was: the copies keep both, what was asked for and the refusal. */
    private static final String OF_NO_SHOW =
            """
            with gone as (
                select id from reservations
                where reason = 'unknown_show' and copied_at < now() - ? * interval '1 second'
                order by copied_at limit ? for update skip locked),
            requests as (delete from hold_requests where id in (select id from gone))
            delete from reservations where id in (select id from gone)
            """;

    private static final String FEED_ENTRIES =
            """
            delete from feed_entries where (user_id, post_id) in (
                select user_id, post_id from feed_entries
                where copied_at < now() - ? * interval '1 second'
                order by copied_at limit ? for update skip locked)
            """;

    /** With their attempts and what these have logged, and out of the counts; by the index {@code jobs_by_end}. */
    private static final String JOBS =
            """
            with gone as materialized (
                select id, queue, type, state from jobs
                where finished_at < now() - ? * interval '1 second'
                order by finished_at limit ? for update skip locked),
            attempts as (delete from job_attempts where job_id in (select id from gone)),
            lines as (delete from job_log_lines where job_id in (select id from gone)),
            drops as (delete from job_log_drops where job_id in (select id from gone)),
            counted as (
                insert into job_counts (queue, type, state, jobs)
                select queue, type, state, -count(*) from gone group by queue, type, state order by queue, type, state
                on conflict (queue, type, state) do update set jobs = job_counts.jobs + excluded.jobs)
            delete from jobs where id in (select id from gone)
            """;

    private static final String JOB_MINUTES =
            """
            delete from job_minutes where (queue, minute) in (
                select queue, minute from job_minutes
                where minute < now() - ? * interval '1 second'
                order by minute limit ? for update skip locked)
            """;

    private static final String LOG_LINES =
            """
            delete from job_log_lines where (job_id, attempt, line) in (
                select job_id, attempt, line from job_log_lines
                where at < now() - ? * interval '1 second'
                order by at limit ? for update skip locked)
            """;

    private static final String LOG_DROPS =
            """
            delete from job_log_drops where (job_id, attempt) in (
                select job_id, attempt from job_log_drops
                where at < now() - ? * interval '1 second'
                order by at limit ? for update skip locked)
            """;

    private static final Executor SAME_THREAD = Runnable::run;
    private static final PastShow FIRST = new PastShow(new UUID(0, 0), Instant.EPOCH);

    private final DataSource dataSource;
    private final int timeoutMs;

    /**
     * The tables.
     *
     * @param timeoutMs the longest silence of PostgreSQL, in milliseconds, before it counts as away
     */
    TrimTables(DataSource dataSource, int timeoutMs) {
        this.dataSource = dataSource;
        this.timeoutMs = timeoutMs;
    }

    /** Shows that began longer ago than {@code age}, in the order of their starts, from the one after {@code after} on. */
    List<PastShow> pastShows(Duration age, @Nullable PastShow after, int limit) throws SQLException {
        PastShow from = after == null ? FIRST : after;
        return on(PAST_SHOWS, statement -> {
            statement.setLong(1, age.toSeconds());
            statement.setObject(2, OffsetDateTime.ofInstant(from.startsAt(), ZoneOffset.UTC));
            statement.setObject(3, from.id());
            statement.setInt(4, limit);
            List<PastShow> shows = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    shows.add(new PastShow(
                            rows.getObject(1, UUID.class),
                            rows.getObject(2, OffsetDateTime.class).toInstant()));
                }
            }
            return shows;
        });
    }

    /** Deletes rows of {@code table} that are of these shows; how many. */
    int deleteOfShows(SeatTable table, List<PastShow> shows, int limit) throws SQLException {
        return on(table.delete(), statement -> {
            statement.setArray(
                    1,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "uuid", shows.stream().map(PastShow::id).toArray()));
            statement.setInt(2, limit);
            return statement.executeUpdate();
        });
    }

    /** Deletes refusals whose show does not exist and that were copied longer ago than {@code age}, with their requests; returns how many. */
    int deleteOfNoShow(Duration age, int limit) throws SQLException {
        return deleteOlder(OF_NO_SHOW, age, limit);
    }

    /** Deletes entries of feeds that were copied longer ago than {@code age}; how many. */
    int deleteFeedEntries(Duration age, int limit) throws SQLException {
        return deleteOlder(FEED_ENTRIES, age, limit);
    }

    /** Deletes jobs that ended longer ago than {@code age}, and their attempts; how many jobs. */
    int deleteJobs(Duration age, int limit) throws SQLException {
        return deleteOlder(JOBS, age, limit);
    }

    /** Deletes what happened in minutes that are longer ago than {@code age}; how many. */
    int deleteJobMinutes(Duration age, int limit) throws SQLException {
        return deleteOlder(JOB_MINUTES, age, limit);
    }

    /** Deletes what jobs have logged longer ago than {@code age}, whatever became of the jobs; how many rows. */
    int deleteLogs(Duration age, int limit) throws SQLException {
        return Math.max(deleteOlder(LOG_LINES, age, limit), deleteOlder(LOG_DROPS, age, limit));
    }

    private int deleteOlder(String sql, Duration age, int limit) throws SQLException {
        return on(sql, statement -> {
            statement.setLong(1, age.toSeconds());
            statement.setInt(2, limit);
            return statement.executeUpdate();
        });
    }

    private <T> T on(String sql, Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setNetworkTimeout(SAME_THREAD, timeoutMs);
            connection.setAutoCommit(true);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.with(statement);
            }
        }
    }

    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }
}
