package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.UUID;

/** The projection of attempts, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface AttemptRows extends GenericRepository<AttemptRow, Integer> {
    /** The last attempts of a job, the last one first. */
    @Query("select a.attempt, a.worker, a.started_at, a.ended_at, a.outcome, a.error_type, a.error_message"
            + " from job_attempts a where a.job_id = :jobId order by a.attempt desc limit :limit")
    List<AttemptRow> last(UUID jobId, int limit);
}
