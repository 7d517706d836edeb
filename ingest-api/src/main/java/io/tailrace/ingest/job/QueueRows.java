package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;

/** The projection of queues, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface QueueRows extends GenericRepository<QueueRow, String> {
    /**
     * Queues by name. Of {@code job_counts} and {@code job_minutes} some hundred rows are read, of {@code jobs} the first of an index.
     *
     * @param names the queues, with commas between them
     */
    @Query("select q.queue, s.paused, s.concurrency, s.rate_per_second, s.key_concurrency, s.key_rate_per_second, case"
        + " when w.run_at <= now() then w.run_at end as oldest_waiting_at, c.scheduled, c.ready, c.running,"
        + " c.retrying, c.succeeded, c.dead, c.cancelled, m.minute_enqueued, m.minute_started, m.minute_succeeded,"
        + " m.minute_failed, m.minute_dead, m.minute_cancelled, m.hour_enqueued, m.hour_started, m.hour_succeeded,"
        + " m.hour_failed, m.hour_dead, m.hour_cancelled from unnest(string_to_array(:names, ',')) as q (queue) left"
        + " join job_queues s on s.queue = q.queue left join lateral (select min(j.run_at) as run_at from jobs j where"
        + " j.queue = q.queue and j.state in ('scheduled', 'ready', 'retrying')) w on true cross join lateral (select"
        + " coalesce(sum(jobs) filter (where state = 'scheduled'), 0) as scheduled, coalesce(sum(jobs) filter (where"
        + " state = 'ready'), 0) as ready, coalesce(sum(jobs) filter (where state = 'running'), 0) as running,"
        + " coalesce(sum(jobs) filter (where state = 'retrying'), 0) as retrying, coalesce(sum(jobs) filter (where"
        + " state = 'succeeded'), 0) as succeeded, coalesce(sum(jobs) filter (where state = 'dead'), 0) as dead,"
        + " coalesce(sum(jobs) filter (where state = 'cancelled'), 0) as cancelled from job_counts where"
        + " job_counts.queue = q.queue) c cross join lateral (select coalesce(sum(enqueued) filter (where last), 0) as"
        + " minute_enqueued, coalesce(sum(started) filter (where last), 0) as minute_started, coalesce(sum(succeeded)"
        + " filter (where last), 0) as minute_succeeded, coalesce(sum(failed) filter (where last), 0) as"
        + " minute_failed, coalesce(sum(dead) filter (where last), 0) as minute_dead, coalesce(sum(cancelled) filter"
        + " (where last), 0) as minute_cancelled, coalesce(sum(enqueued), 0) as hour_enqueued, coalesce(sum(started),"
        + " 0) as hour_started, coalesce(sum(succeeded), 0) as hour_succeeded, coalesce(sum(failed), 0) as"
        + " hour_failed, coalesce(sum(dead), 0) as hour_dead, coalesce(sum(cancelled), 0) as hour_cancelled from"
        + " (select h.*, h.minute = date_trunc('minute', now()) - interval '1 minute' as last from job_minutes h where"
        + " h.queue = q.queue and h.minute > now() - interval '1 hour') each) m order by q.queue")
    List<QueueRow> find(String names);
}
