package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The projection of jobs, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface JobRows extends GenericRepository<JobRow, UUID> {
    /** The job with this id. */
    @Query("select j.id, j.queue, j.type, j.state, j.priority, j.run_at, j.attempt, j.max_attempts, j.timeout_seconds,"
            + " j.limit_key, j.unique_key, j.enqueued_at, j.started_at, j.finished_at, j.worker, j.payload, j.result,"
            + " j.progress_attempt, j.progress_fraction, j.progress_message, e.error_attempt, e.error_type,"
            + " e.error_message from jobs j left join lateral (select a.attempt as error_attempt, a.error_type,"
            + " a.error_message from job_attempts a where a.job_id = j.id and a.error_type is not null"
            + " order by a.attempt desc limit 1) e on true where j.id = :id")
    Optional<JobRow> find(UUID id);

    /**
     * The newest jobs before a place, without payloads and results: merged from a range of an index for each queue, type and state that
     * has jobs, so that it costs as much with a million jobs as with a hundred.
     *
     * @param queue empty for any, like type and state
     * @param state one or more with commas between them
     * @param types patterns of {@code like} with commas between them
     * @param beforeMicros when the last one of the page before was enqueued, in microseconds since the epoch
     * @param beforeId its id
     */
    @Query("select p.id, p.queue, p.type, p.state, p.priority, p.run_at, p.attempt, p.max_attempts, p.timeout_seconds,"
        + " p.limit_key, p.unique_key, p.enqueued_at, p.started_at, p.finished_at, p.worker, null as payload, null as"
        + " result, p.progress_attempt, p.progress_fraction, p.progress_message, e.error_attempt, e.error_type,"
        + " e.error_message from (select n.* from job_counts c cross join lateral (select j.* from jobs j where"
        + " j.queue = c.queue and j.type = c.type and j.state = c.state and (j.enqueued_at, j.id) < (timestamptz"
        + " 'epoch' + :beforeMicros * interval '1 microsecond', :beforeId) order by j.enqueued_at desc, j.id desc"
        + " limit :limit) n where c.jobs > 0 and (:queue = '' or c.queue = :queue) and (:type = '' or c.type = :type)"
        + " and (:state = '' or c.state = any (string_to_array(:state, ','))) and c.type like any"
        + " (string_to_array(:types, ',')) order by n.enqueued_at desc, n.id desc limit :limit) p left join lateral"
        + " (select a.attempt as error_attempt, a.error_type, a.error_message from job_attempts a where a.job_id ="
        + " p.id and a.error_type is not null order by a.attempt desc limit 1) e on true order by p.enqueued_at desc,"
        + " p.id desc")
    List<JobRow> newest(
            String queue, String type, String state, String types, long beforeMicros, UUID beforeId, int limit);

    /**
     * The jobs with these ids, in any order, without payloads, results and errors.
     *
     * @param ids with commas between them
     */
    @Query("select j.id, j.queue, j.type, j.state, j.priority, j.run_at, j.attempt, j.max_attempts, j.timeout_seconds,"
            + " j.limit_key, j.unique_key, j.enqueued_at, j.started_at, j.finished_at, j.worker, null as payload,"
            + " null as result, j.progress_attempt, j.progress_fraction, j.progress_message, null as error_attempt,"
            + " null as error_type, null as error_message from jobs j"
            + " where j.id = any (cast(string_to_array(:ids, ',') as uuid[]))")
    List<JobRow> named(String ids);
}
