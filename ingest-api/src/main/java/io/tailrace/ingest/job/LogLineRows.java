package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.UUID;

/** The projection of what handlers have logged, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface LogLineRows extends GenericRepository<LogLineRow, Integer> {
    /**
     * Lines of a job after a place, in the order of attempts.
     *
     * @param of an attempt, or 0 for all
     */
    @Query("select l.attempt, l.line, l.at, l.level, l.text from job_log_lines l where l.job_id = :jobId"
            + " and (:of = 0 or l.attempt = :of) and (l.attempt, l.line) > (:attempt, :line)"
            + " order by l.attempt, l.line limit :limit")
    List<LogLineRow> after(UUID jobId, int of, int attempt, int line, int limit);

    /** Attempts that have logged more than is kept, each as {@code attempt:lines}, with commas between them; empty for none. */
    @Query("select coalesce(string_agg(d.attempt || ':' || d.dropped, ',' order by d.attempt), '') from job_log_drops d"
            + " where d.job_id = :jobId and (:of = 0 or d.attempt = :of)")
    String dropped(UUID jobId, int of);
}
